import { Filters } from 'step-06';
import { isUsed } from '../volumes/lock.ts';
import { type Volume, volumesDirectory } from '../volumes/store.ts';

const KNOWN = ['name', 'label', 'label!', 'driver', 'dangling'];

/** Which volumes `--filter` leaves. @throws {Error} in docker's words, for a filter that there isn't */
export function isWanted(given: readonly string[] = []): (volume: Volume) => boolean {
  const filters = new Filters(given, KNOWN);
  const dangling = filters.isSet('dangling');
  return ({ name, labels }) =>
    filters.matches('name', name) &&
    filters.some('driver', (value) => value === 'local') &&
    filters.matchesLabels(labels) &&
    (dangling === undefined || dangling !== isUsed(volumesDirectory(), name));
}

/** `NAME=value`, or `NAME` alone. */
export function parseLabel(text: string): Record<string, string> {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  return { [name]: value };
}
