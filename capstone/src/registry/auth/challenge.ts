/** What a registry wants to see: `Bearer realm="https://…",service="…"`, or `Basic realm="…"`. */
export interface Challenge {
  readonly scheme: 'bearer' | 'basic';
  readonly parameters: Readonly<Record<string, string>>;
}

/** The challenges of a header WWW-Authenticate (RFC 9110, 11.6.1) that are understood. */
export function challengesIn(header: string | undefined): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const [, scheme, name, quoted, bare] of (header ?? '').matchAll(PART)) {
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name !== undefined)
      Object.assign(found.at(-1)?.parameters ?? {}, {
        [name.toLowerCase()]: quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'),
      });
  }
  return found.filter((one): one is Challenge => one.scheme === 'bearer' || one.scheme === 'basic');
}

/** A parameter, or a scheme, which no `=` follows. */
const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const PART = new RegExp(
  `(${TOKEN})(?=\\s+${TOKEN}\\s*=|\\s*,|\\s*$)|(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]*))`,
  'g',
);
