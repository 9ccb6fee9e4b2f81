import { from0, type IdMap, inARow } from '../maps.ts';
import type { Range } from '../ranges/range.ts';
import { parseSubordinate } from '../ranges/subordinate.ts';

// #region who may use which ids
/**
 * The ranges that a file such as /etc/subuid gives a user, by name or by number: subuid(5). These are what newuidmap lets that
 * user map.
 */
export function rangesOf(text: string, { name, uid }: { readonly name: string; readonly uid: number }): Range[] {
  return parseSubordinate(text).filter(({ owner }) => owner === name || owner === String(uid));
}

/**
 * The map of a user namespace whose root is somebody outside: id 0 inside is theirs, and from 1 on come their ranges. So a
 * file that root makes inside belongs to them outside, and one of any other id to one that nobody has.
 */
export function rootIs(id: number, ranges: readonly Range[]): IdMap[] {
  return [...from0(id, 1), ...inARow(ranges, 1)];
}
// #endregion
