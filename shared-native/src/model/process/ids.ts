import type { Arguments } from '../arguments.ts';
import { fail } from '../errors.ts';
import type { IdRange, UserNamespace } from '../state.ts';

/** What a user namespace shows of an id that it has none for: /proc/sys/kernel/overflowuid and overflowgid. */
export const OVERFLOW_ID = 65_534;

/** The user that a user namespace calls `uid`, as the state has users; `undefined` if none is mapped to it. */
export function makeUid({ uidMap }: UserNamespace, uid: number): number | undefined {
  return translate(uidMap, uid, 'inside', 'outside');
}

/** The group that a user namespace calls `gid`, as the state has groups; `undefined` if none is mapped to it. */
export function makeGid({ gidMap }: UserNamespace, gid: number): number | undefined {
  return translate(gidMap, gid, 'inside', 'outside');
}

/** What a user namespace calls a user; `undefined` if it has no id for it. */
export function uidIn({ uidMap }: UserNamespace, uid: number): number | undefined {
  return translate(uidMap, uid, 'outside', 'inside');
}

/** What a user namespace calls a group; `undefined` if it has no id for it. */
export function gidIn({ gidMap }: UserNamespace, gid: number): number | undefined {
  return translate(gidMap, gid, 'outside', 'inside');
}

/** Has a user namespace an id for a user? */
export function hasUid(namespace: UserNamespace, uid: number): boolean {
  return uidIn(namespace, uid) !== undefined;
}

/** Has a user namespace an id for a group? */
export function hasGid(namespace: UserNamespace, gid: number): boolean {
  return gidIn(namespace, gid) !== undefined;
}

const UNCHANGED = 0xffff_ffff; // -1

/** A user that a call sets; `undefined` for -1, which leaves it. @throws EINVAL for one that isn't mapped */
export function newUid(namespace: UserNamespace, args: Arguments, name: string): number | undefined {
  const uid = args.uint(name);
  return uid === UNCHANGED ? undefined : (makeUid(namespace, uid) ?? fail('EINVAL'));
}

/** A group that a call sets; `undefined` for -1, which leaves it. @throws EINVAL for one that isn't mapped */
export function newGid(namespace: UserNamespace, args: Arguments, name: string): number | undefined {
  const gid = args.uint(name);
  return gid === UNCHANGED ? undefined : (makeGid(namespace, gid) ?? fail('EINVAL'));
}

function translate(map: readonly IdRange[], id: number, from: keyof IdRange, to: keyof IdRange): number | undefined {
  const range = map.find((one) => id >= one[from] && id < one[from] + one.length);
  return range && range[to] + id - range[from];
}
