import { Filters } from 'step-10';
import type { Told } from './read.ts';

const KNOWN = [
  ...['config', 'container', 'daemon', 'event', 'image', 'label', 'network', 'node', 'plugin', 'scope', 'secret'],
  ...['service', 'type', 'volume'],
];

/** What the image of an event is called: its own, or that of its container; also without the tag. */
function imagesOf({ Type, id, attributes }: Pick<Told, 'Type' | 'id' | 'attributes'>): string[] {
  const names = Type === 'image' ? [id, attributes.name ?? ''] : [attributes.image ?? ''];
  return names.flatMap((name) => [name, name.replace(/:[^:/]*$/, '')]);
}

/** Which events `--filter` leaves. @throws {Error} in docker's words, for a filter that isn't known */
export function isWanted(given: readonly string[]): (event: Told) => boolean {
  const filters = new Filters(given, KNOWN);
  const elsewhere = ['config', 'daemon', 'node', 'plugin', 'secret', 'service'].some(
    (name) => filters.values(name).length > 0,
  );
  return ({ Type, Action, id, attributes }) => {
    // By what its id or name begins with, whatever it is: so docker does it.
    const isCalled = (filter: string) =>
      filters.some(filter, (value) => id.startsWith(value) || (attributes.name ?? '').startsWith(value));
    return (
      !elsewhere &&
      filters.some('type', (value) => value === Type) &&
      filters.some('event', (value) => Action === value || Action.startsWith(`${value}:`)) &&
      filters.some('image', (value) => imagesOf({ Type, id, attributes }).includes(value)) &&
      filters.some('scope', (value) => value === 'local') &&
      filters.matchesLabels(attributes) &&
      ['container', 'network', 'volume'].every(isCalled)
    );
  };
}
