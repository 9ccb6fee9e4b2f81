import type { Range } from './ranges/range.ts';

/** A line of a user namespace's map: `count` ids, which are numbered from `inside` on inside and from `outside` on outside. */
export interface IdMap {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** What the ids of a user namespace are outside of it: user_namespaces(7). */
export interface Maps {
  readonly uids: readonly IdMap[];
  readonly gids: readonly IdMap[];
}

// #region the text of a map
/** The text of /proc/PID/uid_map or gid_map: a line for each range, `inside outside count`. */
export function mapText(map: readonly IdMap[]): string {
  return map.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join('\n');
}
// #endregion

// #region an id through a map
/** Translates one of the container's ids to the host's; undefined if it has none. */
export function outside(map: readonly IdMap[], id: number): number | undefined {
  // #region task 1: an id through a map
  const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
  return range && range.outside + id - range.inside;
  // #endregion
}

/** Translates one of the host's ids to the container's; undefined if it has none, and appears as 65534, nobody. */
export function inside(map: readonly IdMap[], id: number): number | undefined {
  const range = map.find(({ outside, count }) => id >= outside && id < outside + count);
  return range && range.inside + id - range.outside;
}
// #endregion

/** One range from 0 on. */
export function from0(outside: number, count: number): IdMap[] {
  return [{ inside: 0, outside, count }];
}

/** Several of the host's ranges, one after another in the container. @param begin - the first id inside */
export function inARow(ranges: readonly Range[], begin: number): IdMap[] {
  let next = begin;
  return ranges.map(({ first, count }) => {
    const inside = next;
    next += count;
    return { inside, outside: first, count };
  });
}
