import { closeSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import { makeDirectories, shortHash, state } from 'step-04';
import { DEFAULT_NETWORK, NETWORK_NAME, type Network } from './network.ts';
import { freeSubnet, hostRoutes } from './pools.ts';
import { readState, unlessSpoiled } from './state-file.ts';
import { addressAt, block } from './subnet.ts';

// A network is a file; what there is of it in the kernel comes and goes with the containers that use it.

/** The networks that there are, by name. */
export function networks(): Network[] {
  const files = readdirIfThere(directory()).filter((file) => file.endsWith(SUFFIX));
  return files.sort().flatMap((file) => unlessSpoiled(() => networkNamed(file.slice(0, -SUFFIX.length))) ?? []);
}

/** The network of a name, if there is one. @throws {Spoiled} if its file says nothing */
export function networkNamed(name: string): Network | undefined {
  if (!NETWORK_NAME.test(name)) return undefined;
  const fields = { name: 'string', bridge: 'string', subnets: 'array', created: 'string' } as const;
  const again =
    name === DEFAULT_NETWORK ? 'remove the file: the next container makes it again' : `type "network rm ${name}"`;
  return readState<Network>(fileOf(name), fields, `end the containers that use it, and ${again}`);
}

/** The network of a name. @throws {Error} if there is none */
export function existing(name: string): Network {
  const network = networkNamed(name);
  if (network) return network;
  throw new Error(`network ${name} not found: "network ls" lists those there are, "network create ${name}" makes it`);
}

/**
 * Makes a network, or another of a name that nobody uses just now.
 *
 * @param define - what it is to be; while this looks at the others, nobody makes another one
 */
export function defineNetwork(define: (others: readonly Network[]) => Network): Network {
  makeDirectories(directory(), 0o755);
  const lock = openSync(directory(), 'r');
  try {
    perform(flock(lock, LOCK_EX));
    const network = define(networks());
    const file = fileOf(network.name);
    writeFileSync(`${file}~`, `${JSON.stringify(network, null, 2)}\n`);
    renameSync(`${file}~`, file); // who reads it finds a whole file, or none
    return network;
  } finally {
    closeSync(lock);
  }
}

/** Forgets a network. */
export function forgetNetwork({ name }: Pick<Network, 'name'>): void {
  rmSync(fileOf(name), { force: true, recursive: true });
}

/** The network of a container that names none: made when the first one does, in a subnet that is free then. */
export function defaultNetwork(): Network {
  return (
    networkNamed(DEFAULT_NETWORK) ?? defineNetwork((others) => networkNamed(DEFAULT_NETWORK) ?? newDefault(others))
  );
}

/** The same, as long as none is made: for a plan that isn't carried out. */
export function plannedDefault(): Network {
  return networkNamed(DEFAULT_NETWORK) ?? newDefault(networks());
}

function newDefault(others: readonly Network[]): Network {
  const taken = others.flatMap(({ subnets }) => subnets.map((subnet) => block(subnet.cidr)));
  return defaultIn(freeSubnet([...hostRoutes(), ...taken]));
}

/** The default network in a subnet. */
export function defaultIn(cidr: string): Network {
  return {
    name: DEFAULT_NETWORK,
    driver: 'bridge',
    bridge: bridgeName(DEFAULT_NETWORK),
    subnets: [{ cidr, gateway: addressAt(block(cidr), 1n) }],
    internal: false,
    created: new Date().toISOString(),
    options: {},
    labels: {},
  };
}

/** What a network's bridge is called: an interface's name has at most 15 characters, and other roots have networks, too. */
export function bridgeName(network: string): string {
  const { name } = state();
  return network === DEFAULT_NETWORK ? name : `br-${shortHash(`${name}/${network}`)}`;
}

/** The file that a network is. */
export function fileOf(network: string): string {
  return join(directory(), network + SUFFIX);
}

const SUFFIX = '.json';

function directory(): string {
  return join(state().data, 'networks');
}

function readdirIfThere(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
