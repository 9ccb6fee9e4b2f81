import { isUsed } from '../volumes/lock.ts';
import { type Volume, volumesDirectory } from '../volumes/store.ts';

/** `label=tier=db`: what a volume has to be like. */
export type Filter = readonly [name: string, value: string];

/** A filter of `volume ls` and `volume prune`. @throws {Error} for one that there isn't */
export function parseFilter(text: string): Filter {
  const [name = '', value] = text.split(/=(.*)/s);
  if (value === undefined)
    throw new Error(`invalid argument ${JSON.stringify(text)} for --filter: expected name=value`);
  if (['name', 'label', 'label!', 'driver', 'dangling'].includes(name)) return [name, value];
  throw new Error(`invalid filter '${name}'`);
}

/** Does a volume match? Of several filters of one name, one is enough; of several names, all must. */
export function matches(volume: Volume, filters: readonly Filter[] = []): boolean {
  const names = new Set(filters.map(([name]) => name));
  return [...names].every((name) => filters.some((filter) => filter[0] === name && fits(volume, filter)));
}

function fits({ name, labels }: Volume, [by, value]: Filter): boolean {
  if (by === 'name') return name.includes(value);
  if (by === 'driver') return value === 'local';
  if (by === 'dangling') return isUsed(volumesDirectory(), name) !== ['1', 'true'].includes(value);
  const [label = '', wanted] = value.split(/=(.*)/s);
  const has = Object.hasOwn(labels, label) && (wanted === undefined || labels[label] === wanted);
  return by === 'label!' ? !has : has;
}

/** `NAME=value`, or `NAME` alone. */
export function parseLabel(text: string): Record<string, string> {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  return { [name]: value };
}
