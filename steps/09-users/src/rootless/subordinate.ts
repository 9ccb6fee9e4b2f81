import { from0, type IdMap, inARow } from '../maps.ts';
import type { Range } from '../ranges/range.ts';
import { parseSubordinate } from '../ranges/subordinate.ts';

// #region who may use which ids
/**
 * The ranges that a file such as /etc/subuid gives a user, by name or by number: subuid(5). newuidmap lets the user map these.
 */
export function rangesOf(text: string, { name, uid }: { readonly name: string; readonly uid: number }): Range[] {
  return parseSubordinate(text).filter(({ owner }) => owner === name || owner === String(uid));
}

/**
 * The map of a user namespace whose root is a given user outside: id 0 inside is that user, and the user's ranges follow from
 * 1 on. So files that root makes inside belong to that user outside, and all others to ids that nobody has.
 */
export function rootIs(id: number, ranges: readonly Range[]): IdMap[] {
  return [...from0(id, 1), ...inARow(ranges, 1)];
}
// #endregion
