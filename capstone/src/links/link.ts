import { Misuse } from 'step-10';

/** What `--link` says: which container, and what it is called in the one that is linked to it. */
export interface Link {
  readonly name: string;
  readonly alias: string;
}

/** A link of the old kind, in the default network: it is to a container, whatever that is called later. */
export interface KeptLink {
  readonly id: string;
  readonly alias: string;
}

/** Reads `NAME[:ALIAS]`. @throws {Misuse} in docker's words */
export function parseLink(text: string): Link {
  if (text === '') throw new Misuse('empty string specified for links');
  const [name = '', alias = name, ...more] = text.split(':');
  if (more.length > 0) throw new Misuse(`bad format for links: ${text}`);
  return { name, alias };
}

/** Reads one more, and keeps the text: that is what networks are told. */
export function oneMoreLink(text: string, before: readonly string[] = []): string[] {
  const { name, alias } = parseLink(text);
  return [...before, `${name}:${alias}`];
}

/** @throws {Misuse} in docker's words, if a container in such a network can have no links */
export function refuseLinks(network: string): void {
  const whose =
    network === 'host' ? 'host type networking' : network.startsWith('container:') && 'container type network';
  if (whose)
    throw new Misuse(
      `conflicting options: ${whose} can't be used with links. This would result in undefined behavior`,
      125,
    );
}
