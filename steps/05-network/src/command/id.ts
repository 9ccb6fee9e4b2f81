import { naturally } from '../format/natural.ts';
import { DEFAULT_NETWORK, type Network } from '../network.ts';
import { defaultNetwork, networkNamed, networks } from '../networks.ts';
import { unlessSpoiled } from '../state-file.ts';

/** A network as docker's clients see it: also those that are always there. */
export interface Listed {
  readonly name: string;
  readonly driver: string;
  readonly id: string;
  /** What there is to know of it; none of `host` and `none`. */
  readonly network?: Network;
}

/** Networks that nobody made, and nobody can remove. */
export function isPredefined(name: string): boolean {
  return [DEFAULT_NETWORK, 'host', 'none', 'default'].includes(name);
}

/** All the networks, by name. The default one is made, if it wasn't yet. */
export function listed(): Listed[] {
  unlessSpoiled(defaultNetwork);
  const made = networks().map((network) => ({ name: network.name, driver: 'bridge', id: idOf(network), network }));
  const always = [
    { name: 'host', driver: 'host', id: idOf({ name: 'host', created: '' }) },
    { name: 'none', driver: 'null', id: idOf({ name: 'none', created: '' }) },
  ];
  return [...made, ...always].sort((one, other) => naturally(one.name, other.name));
}

/** The networks that somebody made. */
export function networksOfOurs(): Network[] {
  return networks().filter(({ name }) => !isPredefined(name));
}

/** The network of a name, of an ID, or of what an ID begins with. @throws {Error} if it's none or more than one */
export function networkOf(text: string): Listed {
  const all = listed();
  const exact = all.find(({ name, id }) => name === text || id === text);
  const found = exact ? [exact] : all.filter(({ id }) => text !== '' && id.startsWith(text));
  if (found.length === 1) return found[0] as Listed;
  if (found.length === 0) networkNamed(text); // throws if there is a file of this name that is spoiled
  throw new Error(
    found.length === 0
      ? `network ${text} not found`
      : `network ${text} is ambiguous (${found.length} matches found based on ID prefix)`,
  );
}

/** What docker calls a network's ID: 64 hexadecimal digits, which no network that was made before or will be made has. */
export function idOf({ name, created }: Pick<Network, 'name' | 'created'>): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', `${name} ${created}`);
}

/** The same of a container's end of a cable. */
export function endpointId(container: string, { name, created }: Pick<Network, 'name' | 'created'>): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', `${container} ${name} ${created}`);
}
