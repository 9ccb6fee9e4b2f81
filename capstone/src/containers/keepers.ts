import { idsOfContainers, list } from './find.ts';

/** The containers that have a volume, or may have it, since their records can't be read; whether they run or not, by id. */
export function keepersOf(volume: string): string[] {
  const { records, errors } = list();
  const have = records
    .filter(({ options }) => options.mounts.some((mount) => mount.type === 'volume' && mount.name === volume))
    .map(({ id }) => id);
  if (errors.length === 0) return have;
  const unread = idsOfContainers().filter((id) => !records.some((record) => record.id === id));
  return [...have, ...unread];
}
