import { list } from './find.ts';

/** The containers that have a volume, whether they run or not, by id. */
export function keepersOf(volume: string): string[] {
  const { records } = list();
  return records
    .filter(({ options }) => options.mounts.some((mount) => mount.type === 'volume' && mount.name === volume))
    .map(({ id }) => id);
}
