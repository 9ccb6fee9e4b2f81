import type { Descriptor, Digest, Reference } from 'step-10';
import {
  chooseEntry,
  DEEPEST,
  digestOf,
  INDEX_TYPE,
  isIndex,
  isManifest,
  LONGEST_DOCUMENT,
  MANIFEST_TYPE,
  type Platform,
  parseDocument,
} from 'step-10/store';
import { RegistryError } from './http/error.ts';
import type { Session } from './session.ts';

/** What we understand: the specification's types, and docker's. */
const ACCEPTED = [
  INDEX_TYPE,
  MANIFEST_TYPE,
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Of what the specification had for a while for what isn't an image. */
const ARTIFACT_TYPE = 'application/vnd.oci.artifact.manifest.v1+json';

/** A repository of a registry. */
export interface Repository {
  readonly session: Session;
  readonly reference: Reference;
  readonly signal?: AbortSignal;
}

/** A manifest or an index, as its registry sent it. */
export interface Manifestation {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export function pulling({ path }: Reference): string[] {
  return [`repository:${path}:pull`];
}

/**
 * Fetches the manifest of an image: of an index, the one for a platform.
 *
 * @returns also the digest of what has the name, which may be an index
 * @throws {RegistryError} if there's none, or it isn't what it's said to be
 */
export async function fetchManifest(
  repository: Repository,
  platform: Platform,
): Promise<{ digest: Digest; manifest: Manifestation }> {
  const { tag = 'latest', digest } = repository.reference;
  const top = await fetchDocument(repository, digest ?? tag);
  let manifest = top;
  for (let depth = 0; isIndex(manifest.mediaType); depth++) {
    if (depth === DEEPEST) throw new RegistryError(`its indexes lie more than ${DEEPEST} deep in one another`);
    const entry = choose(manifest, platform);
    manifest = await fetchDocument(repository, entry.digest, entry);
  }
  return { digest: top.digest, manifest };
}

function choose({ bytes }: Manifestation, platform: Platform): Descriptor {
  return lying(() => chooseEntry(parseDocument('index', bytes.toString()).manifests, platform) as Descriptor);
}

/** @param said - what the index says of it */
async function fetchDocument(
  { session, reference, signal }: Repository,
  name: string,
  said?: Descriptor,
): Promise<Manifestation> {
  if (name.includes(':')) assertSha256(name);
  const question = {
    path: `${reference.path}/manifests/${name}`,
    scopes: pulling(reference),
    headers: { Accept: ACCEPTED.join(', ') },
    good: [200],
    what: "its manifest can't be fetched",
    signal,
  };
  const { bytes, headers } = await session.read(question, LONGEST_DOCUMENT);
  const digest = digestOf(bytes);
  const promised = name.includes(':') ? name : headers['docker-content-digest'];
  if (typeof promised === 'string' && /^sha256:/.test(promised) && promised !== digest)
    throw new RegistryError(
      `the manifest ${promised} has the digest ${digest}: ${session.endpoint.server} sends another document`,
    );
  if (said && said.size !== bytes.length)
    throw new RegistryError(`the manifest ${digest} has ${bytes.length} bytes, and its index says ${said.size}`);
  return { digest, bytes, mediaType: typeOf(bytes, headers['content-type'], said?.mediaType) };
}

/**
 * The type of a document, which three may tell: the registry, the document itself, the index that lists it. They must agree, and
 * it mustn't look like the other kind as well (CVE-2021-41190): two readers of one digest could see two images.
 */
function typeOf(bytes: Buffer, header = '', listed?: string): string {
  const { mediaType, manifests, layers, config, fsLayers, schemaVersion } = jsonOf(bytes) ?? {};
  if (schemaVersion === 1 || fsLayers)
    throw new RegistryError('its manifest is of schema version 1, which nobody makes or reads any more');
  const sent = header.split(';', 1)[0]?.trim() ?? '';
  if (mediaType === ARTIFACT_TYPE) throw new RegistryError(`it's no container's image, but of the type ${mediaType}`);
  const known = [sent, mediaType, listed].filter((type) => typeof type === 'string' && ACCEPTED.includes(type));
  const [type = manifests ? INDEX_TYPE : MANIFEST_TYPE] = known;
  const told = [mediaType, listed].filter((other) => typeof other === 'string' && other !== type);
  if (told.length > 0 || known.some((other) => other !== type))
    throw new RegistryError(
      `its document is said to be both ${type} and ${told[0] ?? known.find((other) => other !== type)}`,
    );
  if (known.length === 0 && sent !== '' && !/json|text\/plain|octet-stream/.test(sent))
    throw new RegistryError(`its registry sends ${sent}, and no manifest`);
  const other = isManifest(type) ? manifests : (layers ?? config);
  if (other !== undefined) throw new RegistryError('its document is a manifest and an index at once');
  return type;
}

function jsonOf(bytes: Buffer): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new RegistryError(`its manifest is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws {RegistryError} for a digest of another kind */
export function assertSha256(digest: string): void {
  if (!/^sha256:[a-f0-9]{64}$/.test(digest))
    throw new RegistryError(`it names ${digest}, and only sha256 is supported`);
}

/** What a registry sends that can't be read is the registry's fault. */
export function lying<T>(reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    throw new RegistryError((error as Error).message, { cause: error });
  }
}
