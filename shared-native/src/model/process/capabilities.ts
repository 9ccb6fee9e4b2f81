import type { Credentials, Inode, State, UserNamespace } from '../state.ts';
import { hasGid, hasUid } from './ids.ts';

/** The set that holds just one capability: capabilities(7) numbers them. */
export function capabilitySet(...capabilities: readonly number[]): bigint {
  return capabilities.reduce((set, capability) => set | (1n << BigInt(capability)), 0n);
}

/** Every capability that this kernel has. */
export function allCapabilities({ lastCapability }: State): bigint {
  return (1n << BigInt(lastCapability + 1)) - 1n;
}

/** Is there nothing in a set that the other lacks? */
export function isSubset(set: bigint, other: bigint): boolean {
  return (set & ~other) === 0n;
}

/**
 * Has the process a capability in a user namespace? In its own if the capability is effective; in one below its own if
 * that is so in one in between, or if its user made that one: user_namespaces(7).
 */
export function capable({ process }: State, namespace: UserNamespace, capability: number): boolean {
  const own = process.namespaces.user;
  for (let at = namespace; ; at = at.owner as UserNamespace) {
    if (at === own) return (process.effective & capabilitySet(capability)) !== 0n;
    if (at.level <= own.level) return false;
    if (at.owner === own && at.uid === process.euid) return true;
  }
}

/** Has the process a capability in its own user namespace? */
export function capableHere(state: State, capability: number): boolean {
  return capable(state, state.process.namespaces.user, capability);
}

/** Has the process a capability that counts for a file: in its own user namespace, which has ids for owner and group? */
export function capableOf(state: State, inode: Inode, capability: number): boolean {
  const { user } = state.process.namespaces;
  return hasUid(user, inode.uid) && hasGid(user, inode.gid) && capableHere(state, capability);
}

/**
 * A change of credentials has side effects: after a new effective id, or a capability that was not permitted before, the
 * process can't be dumped, and no longer gets a signal when its parent ends. See prctl(2).
 *
 * @param before - its credentials before the change
 */
export function credentialsChanged({ process }: State, before: Credentials): void {
  const same = (['euid', 'egid', 'fsuid', 'fsgid'] as const).every((id) => process[id] === before[id]);
  if (same && isSubset(process.permitted, before.permitted)) return;
  process.dumpable = 0; // what /proc/sys/fs/suid_dumpable says
  process.deathSignal = 0;
}

/** Is the process in a group? */
export function inGroup({ process }: State, gid: number): boolean {
  return process.fsgid === gid || process.groups.includes(gid);
}

/** What becomes of the credentials of a process that enters a user namespace: it has every capability there. */
export function allPowerfulIn(state: State, credentials: Credentials): void {
  const all = allCapabilities(state);
  Object.assign(credentials, { inheritable: 0n, permitted: all, effective: all, bounding: all, ambient: 0n });
  credentials.securebits = 0;
}
