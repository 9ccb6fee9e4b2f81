import type { ExtraHost, Options } from 'step-10';
import { type BoxRecord, readRecord } from '../containers/record.ts';
import { isUp, stateOf } from '../containers/state.ts';
import { linkEnvironment } from './environment.ts';

/**
 * What a container is to be like that is linked to others: it finds them in its /etc/hosts, and their ports and variables in its
 * environment. One that was removed meanwhile is passed over, as in docker.
 *
 * @throws {Error} in docker's words, if another one doesn't run, or is in no default network
 */
export function withLinks(record: BoxRecord, options: Options): Options {
  const { links = [], name } = record;
  if (!isInDefault(options)) return options;
  const all = links.flatMap(({ id, alias }) => {
    const other = readRecord(id);
    return other ? [{ other, path: `/${name}/${alias}`, alias, ...addressesOf(other, `/${name}/${alias}`) }] : [];
  });
  if (all.length === 0) return options;
  const env = all.flatMap(({ other, path, four }) =>
    linkEnvironment({ path, address: four, exposed: other.options.exposed, env: other.config.Env ?? [] }),
  );
  const hosts = all.flatMap(({ other, alias, four, six }) => hostsOf(namesOf(other, alias), four, six));
  return { ...options, env: [...env, ...options.env], addHosts: [...options.addHosts, ...hosts] };
}

function isInDefault({ networks }: Pick<Options, 'networks'>): boolean {
  return networks.some(({ network }) => network === 'bridge');
}

/** Where a container is found in the default network. */
function addressesOf(other: BoxRecord, path: string): { four: string; six: string } {
  const { run, name } = other;
  if (!isInDefault(other.options))
    throw new Error(`Cannot link to /${name}, as it does not belong to the default network`);
  if (!isUp(stateOf(other)) || run.status !== 'begun')
    throw new Error(`Cannot link to a non running container: /${name} AS ${path}`);
  return inDefault(run.endpoints);
}

/** The addresses of one that runs there. */
export function inDefault(
  endpoints: readonly { network: { name: string }; addresses: readonly { address: string }[] }[],
) {
  const all = endpoints.find(({ network }) => network.name === 'bridge')?.addresses ?? [];
  const of = (isSix: boolean) => all.find(({ address }) => address.includes(':') === isSix)?.address ?? '';
  return { four: of(false), six: of(true) };
}

/** What it is called there: docker's order. */
function namesOf({ name, options }: BoxRecord, alias: string): string {
  return [...new Set([alias, options.hostname, name])].join(' ');
}

function hostsOf(name: string, ...addresses: readonly string[]): ExtraHost[] {
  return addresses.filter(Boolean).map((address) => ({ name, address }));
}
