import { Filters } from '../format/filters.ts';
import type { Members } from './containers.ts';
import { isPredefined, type Listed } from './id.ts';

const KNOWN = ['name', 'id', 'driver', 'label', 'scope', 'type', 'dangling'];

/** Which networks `network ls --filter` leaves. @throws {Error} in docker's words, for a filter that there isn't */
export function isWanted(given: readonly string[], members: Members): (network: Listed) => boolean {
  const filters = new Filters(given, KNOWN);
  const dangling = filters.isSet('dangling', noSwitch);
  const wrong = filters.values('type').find((value) => value !== 'builtin' && value !== 'custom');
  if (wrong !== undefined) throw new Error(`invalid filter: 'type'='${wrong}'`);
  return ({ name, id, driver, network }) =>
    filters.matches('name', name) &&
    filters.matches('id', id) &&
    filters.some('driver', (value) => driver === value) &&
    filters.some('scope', (value) => value === 'local') &&
    filters.some('type', (value) => isPredefined(name) === (value === 'builtin')) &&
    filters.matchesLabels(network?.labels ?? {}) &&
    (dangling === undefined || dangling === (!isPredefined(name) && members(name).length === 0));
}

function noSwitch(): string {
  return `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`;
}
