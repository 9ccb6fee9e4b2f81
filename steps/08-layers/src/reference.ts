/** The name of an image, split into its parts. */
export interface Reference {
  /** The registry: a host, and a port where one was given. */
  readonly domain: string;
  /** What the registry has it as: `library/busybox`. */
  readonly path: string;
  readonly tag?: string;
  /** Of a manifest: `sha256:` and 64 digits. */
  readonly digest?: string;
}

const DEFAULT_DOMAIN = 'docker.io';
/** What that was called before. */
const LEGACY_DOMAIN = 'index.docker.io';
/** In the default domain, a path of one part is an official image. */
const OFFICIAL = 'library/';

/** In characters. */
const LONGEST_PATH = 255;

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const DOMAIN = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const WHOLE = new RegExp(`^(?:(${DOMAIN})/)?(${PART}(?:/${PART})*)(?::(${TAG}))?(?:@(.+))?$`);

// #region a name in full
/**
 * The parts of an image's name as people write it: `busybox` is `docker.io/library/busybox`.
 *
 * @throws {Error} if it can't be the name of an image
 * @see {@link https://github.com/distribution/reference | distribution/reference, whose rules are docker's}
 */
export function parseReference(name: string): Reference {
  if (/^[a-f0-9]{64}$/.test(name))
    throw new Error(`invalid repository name (${name}), cannot specify 64-byte hexadecimal strings`);
  const [domain, remainder] = splitDomain(name);
  const [repository = ''] = remainder.split(':', 1);
  if (/[A-Z]/.test(repository))
    throw new Error(`invalid reference format: repository name (${repository.slice(0, 300)}) must be lowercase`);
  return parseWhole(`${domain}/${remainder}`, name);
}

/** The first part is a domain if it looks like one: with a dot, a port, or capitals, or `localhost`. */
function splitDomain(name: string): [domain: string, remainder: string] {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain = first === 'localhost' || /[.:A-Z]/.test(first);
  const [domain, remainder] = isDomain ? [first, name.slice(slash + 1)] : [DEFAULT_DOMAIN, name];
  const full = domain === LEGACY_DOMAIN ? DEFAULT_DOMAIN : domain;
  return [full, full === DEFAULT_DOMAIN && !remainder.includes('/') ? `${OFFICIAL}${remainder}` : remainder];
}
// #endregion

/**
 * The parts of a name as it is written, with nothing added: so without a domain where it names none.
 *
 * @param given - what an error is to quote
 * @throws {Error} if it can't be the name of an image
 */
export function parseWhole(name: string, given = name): Reference {
  const [, domain = '', path = '', tag, digest] = WHOLE.exec(name) ?? [];
  if (path === '')
    throw invalid(given, 'an image is named like busybox, busybox:1.36 or registry.example/team/app:latest');
  if (path.length > LONGEST_PATH) throw invalid(given, `its path has more than ${LONGEST_PATH} characters`);
  if (digest !== undefined && !/^sha256:[a-f0-9]{64}$/.test(digest))
    throw invalid(given, 'a digest is sha256: and 64 hexadecimal digits, in lower case');
  return { domain, path, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

function invalid(given: string, why: string): Error {
  return new Error(`invalid reference format\n${JSON.stringify(given.slice(0, 300))}: ${why}`);
}

/** The digest that a whole id is, with `sha256:` or without; undefined if it is none. */
export function wholeId(text: string): `sha256:${string}` | undefined {
  const [, hex] = /^(?:sha256:)?([a-f0-9]{64})$/.exec(text) ?? [];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

/** The same with the tag that is meant where there is neither tag nor digest. */
export function withTag(reference: Reference): Reference {
  const { tag, digest } = reference;
  return tag === undefined && digest === undefined ? { ...reference, tag: 'latest' } : reference;
}

/** Domain and path, tag, and digest, as written in full. */
export function fullName({ domain, path, tag, digest }: Reference): string {
  return `${join(domain, path)}${suffix(tag, digest)}`;
}

/** As people write it: without what is meant anyway. */
export function familiarName(reference: Reference): string {
  return `${familiarRepository(reference)}${suffix(reference.tag, reference.digest)}`;
}

/** The name without tag and digest, as people write it: `docker image ls` has it in its first column. */
export function familiarRepository({ domain, path }: Reference): string {
  if (domain !== DEFAULT_DOMAIN) return join(domain, path);
  const short = path.startsWith(OFFICIAL) ? path.slice(OFFICIAL.length) : path;
  return short.includes('/') || short === '' ? path : short;
}

function join(domain: string, path: string): string {
  return domain === '' ? path : `${domain}/${path}`;
}

function suffix(tag: string | undefined, digest: string | undefined): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
