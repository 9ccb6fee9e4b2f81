import {
  confirmed,
  Filters,
  happened,
  humanSize,
  millisecondsAt,
  networksOfOurs,
  pruneVolumes,
  put,
  removeNetwork,
  say,
} from 'step-10';
import { pruneImages } from 'step-10/store';
import { list, NoSuchContainer } from '../../containers/find.ts';
import { keepersOf } from '../../containers/keepers.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { stateOf } from '../../containers/state.ts';
import { members } from '../../network/members.ts';
import { remove, StillRunning } from '../../remove.ts';
import { sizesOf } from '../../shown/size.ts';

interface Flags {
  readonly filter?: readonly string[];
  readonly force?: boolean;
}

const WHAT = {
  containers: 'all stopped containers',
  networks: 'all networks not used by at least one container',
  volumes: 'all anonymous volumes not used by at least one container',
};

/** `container prune`. */
export async function pruneContainers({ filter = [], force }: Flags): Promise<number> {
  const filters = filtersOf(filter);
  if (!force && !confirmed('This will remove all stopped containers.')) return 0;
  put(`Total reclaimed space: ${humanSize(await stopped(filters), 4)}\n`);
  return 0;
}

/** `network prune`. */
export function pruneNetworks({ filter = [], force }: Flags): number {
  const filters = filtersOf(filter);
  if (!force && !confirmed('This will remove all custom networks not used by at least one container.')) return 0;
  unused(filters);
  return 0;
}

interface AllFlags extends Flags {
  readonly all?: boolean;
  readonly volumes?: boolean;
}

/** `system prune`: what each of the others does, in docker's order, asked for once. */
export async function pruneAll({ all = false, filter = [], force, volumes = false }: AllFlags): Promise<number> {
  const filters = filtersOf(filter);
  const images = all ? 'all images without at least one container associated to them' : 'all dangling images';
  if (volumes && filters.values('until').length > 0)
    throw new Error('ERROR: The "until" filter is not supported with "--volumes"');
  const cache = all ? 'all build cache' : 'unused build cache'; // there is none, and the question is docker's
  const lines = [WHAT.containers, WHAT.networks, ...(volumes ? [WHAT.volumes] : []), images, cache];
  const only = filter.length > 0 ? `\n  Items to be pruned will be filtered with:\n${bullets(filter)}` : '';
  if (!force && !confirmed(`This will remove:\n${bullets(lines)}${only}`)) return 0;
  let freed = await stopped(filters);
  unused(filters);
  const labels = filter.filter((one) => one.startsWith('label'));
  if (volumes) freed += pruneVolumes({ force: true, filter: labels }, keepersOf) ?? 0;
  freed += pruneImages({ all, force: true, filter }) ?? 0;
  put(`Total reclaimed space: ${humanSize(freed, 4)}\n`);
  return 0;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}\n`).join('');
}

function filtersOf(given: readonly string[]): Filters {
  const filters = new Filters(given, ['label', 'label!', 'until']);
  for (const value of filters.values('until')) millisecondsAt(value);
  return filters;
}

function isOlder(filters: Filters, created: number): boolean {
  return filters.values('until').every((value) => created < millisecondsAt(value));
}

/** Removes the containers that don't run, and says which. @returns bytes that they had written */
async function stopped(filters: Filters): Promise<number> {
  const isWanted = (record: BoxRecord) =>
    ['created', 'exited'].includes(stateOf(record).status) &&
    filters.matchesLabels(record.labels) &&
    isOlder(filters, record.created);
  const removed: string[] = [];
  let bytes = 0;
  for (const record of list().records.filter(isWanted)) {
    const { own } = sizesOf(record);
    try {
      await remove(record.id);
      removed.push(record.id);
      bytes += own;
    } catch (error) {
      if (!(error instanceof StillRunning || error instanceof NoSuchContainer)) say((error as Error).message);
    }
  }
  happened({ Type: 'container', Action: 'prune', id: '', attributes: { reclaimed: String(bytes) } });
  if (removed.length > 0) put(`Deleted Containers:\n${removed.map((id) => `${id}\n`).join('')}\n`);
  return bytes;
}

function unused(filters: Filters): void {
  const wanted = networksOfOurs().filter(
    ({ labels, created }) => filters.matchesLabels(labels) && isOlder(filters, Date.parse(created)),
  );
  const removed = wanted.filter(({ name }) => {
    try {
      removeNetwork(name, members);
      return true;
    } catch {
      return false; // a container uses it
    }
  });
  happened({ Type: 'network', Action: 'prune', id: '', attributes: { reclaimed: '0' } });
  if (removed.length > 0) put(`Deleted Networks:\n${removed.map(({ name }) => `${name}\n`).join('')}\n`);
}
