import { Filters, findImage, networkOf } from 'step-10';
import type { BoxRecord } from '../../containers/record.ts';
import { isUp } from '../../containers/state.ts';
import { mountPoints } from '../../shown/mounts.ts';
import { networksOf } from '../../shown/networks.ts';
import { portsOf } from '../../shown/ports.ts';
import type { Seen } from './row.ts';

const KNOWN = [
  ...['ancestor', 'before', 'exited', 'expose', 'health', 'id', 'is-task', 'isolation', 'label', 'label!', 'name'],
  ...['network', 'publish', 'since', 'status', 'volume'],
];
const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];
const HEALTHS = ['none', 'starting', 'healthy', 'unhealthy'];

/** The filters of `ps`. @throws {Error} in docker's words, if one isn't known, or its value can be none */
export function filtersOf(given: readonly string[]): Filters {
  const filters = new Filters(given, KNOWN);
  const refuse = (name: string, isWrong: (value: string) => boolean, why: (value: string) => string) => {
    const wrong = filters.values(name).find(isWrong);
    if (wrong !== undefined) throw new Error(`invalid filter '${name}=${wrong}': ${why(wrong)}`);
  };
  const oneOf = (all: readonly string[], what: string) => (value: string) =>
    `invalid value for ${what} (${value}): must be one of ${all.join(', ')}`;
  refuse('status', (value) => !STATES.includes(value), oneOf(STATES, 'state'));
  refuse('health', (value) => !HEALTHS.includes(value), oneOf(HEALTHS, 'health'));
  refuse(
    'exited',
    (value) => !/^[-+]?\d+$/.test(value),
    (value) => `strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
  );
  for (const name of ['publish', 'expose']) {
    refuse(
      name,
      (value) => !/^\d+(-\d+)?(\/\w+)?$/.test(value),
      () => 'expected PORT, PORT/PROTOCOL or FIRST-LAST',
    );
  }
  return filters;
}

/**
 * Those of the containers that are wanted, in their order, which is from the newest to the oldest.
 *
 * @param last - how many at most, whether they run or not; none for a negative number
 * @throws {Error} if the container of `before` or `since` isn't there
 */
export function chosen(seen: readonly Seen[], filters: Filters, { all, last }: { all: boolean; last: number }): Seen[] {
  const isAll = all || last > 0 || filters.values('status').length > 0;
  const from = 1 + Math.max(-1, ...filters.values('before').map((called) => placeOf(called, seen)));
  const to = Math.min(seen.length, ...filters.values('since').map((called) => placeOf(called, seen)));
  const isWanted = filters.isEmpty ? () => true : wanted(filters);
  const found = seen.slice(from, to).filter((one) => (isAll || isUp(one.state)) && isWanted(one));
  return last > 0 ? found.slice(0, last) : found;
}

function placeOf(called: string, seen: readonly Seen[]): number {
  const word = called.replace(/^\//, '');
  const named = seen.findIndex(({ record }) => record.name === word || record.id === word);
  const at = named === -1 ? seen.findIndex(({ record }) => record.id.startsWith(word)) : named;
  if (at === -1) throw new Error(`No such container: ${called}`);
  return at;
}

function wanted(filters: Filters): (one: Seen) => boolean {
  const layers = filters.values('ancestor').map(layersOf);
  return ({ record, state, health }) =>
    (filters.matches('name', `/${record.name}`) || filters.matches('name', record.name)) &&
    filters.matches('id', record.id) &&
    filters.matchesLabels(record.labels) &&
    !filters.isSet('is-task') &&
    filters.some('exited', (code) => state.status === 'exited' && Number(code) === state.exitCode) &&
    filters.matches('status', state.status) &&
    filters.some('health', (value) => value === (health?.status ?? 'none')) &&
    filters.some('volume', (value) => hasMount(record, value)) &&
    filters.some('network', (value) => isIn(record, value)) &&
    filters.some('publish', (value) =>
      portsOf(record, state).some((port) => covers(value, port.hostPort, port.protocol)),
    ) &&
    filters.some('expose', (value) =>
      portsOf(record, state).some((port) => covers(value, port.containerPort, port.protocol)),
    ) &&
    (layers.length === 0 || layers.some((below) => isOn(record, below)));
}

function hasMount({ options }: BoxRecord, value: string): boolean {
  return mountPoints(options).some(({ Name, Source, Destination }) => [Name || Source, Destination].includes(value));
}

/** By the network's name, or by what its id begins with. */
function isIn(record: BoxRecord, value: string): boolean {
  return networksOf(record).some((network) => network === value || networkOf(network).id.startsWith(value || network));
}

function covers(value: string, port: number | undefined, protocol: string): boolean {
  const [, first, last = first, its = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
  return port !== undefined && its === protocol && Number(first) <= port && port <= Number(last);
}

/** An image's id, and the layers that what was made from it has, too; undefined if there is none. */
function layersOf(name: string): { id: string; chain: string[] } | undefined {
  const image = findImage(name);
  return image && { id: image.id, chain: image.layers.map(({ chainId }) => chainId) };
}

function isOn({ image }: BoxRecord, below: ReturnType<typeof layersOf>): boolean {
  if (image === undefined || !below) return false;
  if (image === below.id) return true;
  const own = findImage(image)?.layers.map(({ chainId }) => chainId as string) ?? [];
  return below.chain.length > 0 && own.length > below.chain.length && own.includes(below.chain.at(-1) as string);
}
