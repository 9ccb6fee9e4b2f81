import { CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import type { IdRange, State, UserNamespace } from '../state.ts';
import { capable } from './capabilities.ts';
import { makeGid, makeUid } from './ids.ts';

/**
 * Writes a user namespace's uid_map or gid_map: once, from inside or from its parent, and by user_namespaces(7), "Defining
 * user and group ID mappings".
 *
 * @throws EPERM, EINVAL
 */
export function writeMap(state: State, user: UserNamespace, what: 'uid_map' | 'gid_map', text: string): void {
  const isUid = what === 'uid_map';
  const isWritten = (isUid ? user.uidMap : user.gidMap).length > 0;
  const parent = user.owner;
  const writers = state.process.namespaces.user;
  if (!parent || (writers !== user && writers !== parent) || isWritten || !capable(state, user, CAP_SYS_ADMIN))
    fail('EPERM');
  const ranges = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseRange);
  if (ranges.length === 0 || ranges.length > 340 || overlap(ranges)) fail('EINVAL');
  if (!mayMap(state, user, isUid, ranges)) fail('EPERM');
  const make = isUid ? makeUid : makeGid;
  const mapped = ranges.map((range): IdRange => {
    const outside = make(parent, range.outside);
    if (outside === undefined || make(parent, range.outside + range.length - 1) === undefined) return fail('EPERM');
    return { ...range, outside };
  });
  if (isUid) user.uidMap = mapped;
  else user.gidMap = mapped;
}

function parseRange(line: string): IdRange {
  const [, inside, outside, length] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line) ?? fail('EINVAL');
  const range = { inside: Number(inside), outside: Number(outside), length: Number(length) };
  const fits = range.length > 0 && Math.max(range.inside, range.outside) + range.length <= 2 ** 32 - 1;
  return fits ? range : fail('EINVAL');
}

function overlap(ranges: readonly IdRange[]): boolean {
  const sides = ['inside', 'outside'] as const;
  return sides.some((side) =>
    ranges.some((one, index) =>
      ranges
        .slice(index + 1)
        .some((other) => one[side] < other[side] + other.length && other[side] < one[side] + one.length),
    ),
  );
}

/** From inside, one may map the own id alone, and a group only without setgroups; more needs capabilities outside. */
function mayMap(state: State, user: UserNamespace, isUid: boolean, ranges: readonly IdRange[]): boolean {
  const { euid, egid } = state.process;
  const [only] = ranges;
  const parent = user.owner as UserNamespace;
  if (isUid && ranges.some(({ outside }) => outside === 0) && !user.makerCouldSetFileCapabilities) return false;
  if (ranges.length === 1 && only?.length === 1 && user.uid === euid) {
    if (isUid && makeUid(parent, only.outside) === euid) return true;
    if (!isUid && user.setgroups === 'deny' && makeGid(parent, only.outside) === egid) return true;
  }
  return capable(state, parent, isUid ? CAP_SETUID : CAP_SETGID);
}

/** Writes "allow" or "deny" to a user namespace's setgroups; after gid_map it is too late. @throws EPERM, EINVAL */
export function writeSetgroups(user: UserNamespace, text: string): void {
  if (text !== 'allow' && text !== 'deny') fail('EINVAL');
  if (text === 'deny' ? user.gidMap.length > 0 : user.setgroups === 'deny') fail('EPERM');
  user.setgroups = text;
}
