import { MS_NOSUID, S_ISGID, S_ISUID, SECBIT_KEEP_CAPS, SECBIT_NOROOT } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import type { Credentials, Place, State, UserNamespace } from '../state.ts';
import { inGroup, isSubset } from './capabilities.ts';
import { hasGid, hasUid, makeUid } from './ids.ts';

const GROUP_EXECUTES = 0o010;

/** What execve makes of a process's credentials. */
export interface Executing {
  readonly credentials: Credentials;
  /** The program has more rights than who started it (AT_SECURE in getauxval(3)). */
  readonly isPrivileged: boolean;
  /** The process can't be dumped afterwards, and forgets its death signal. */
  readonly forgets: boolean;
}

/**
 * The credentials of the program in a file, by capabilities(7), "Transformation of capabilities during execve()".
 *
 * @throws EPERM if the file insists on capabilities that the bounding set lacks.
 */
export function credentialsAfter(state: State, place: Place): Executing {
  const old = state.process;
  const root = makeUid(old.namespaces.user, 0);
  const next = { ...credentialsOf(old), ...idsOfFile(state, place) };
  const file = fileCapabilities(state, place);
  next.permitted = file.permitted;
  let { effective } = file;
  const isSetuidRoot = next.uid !== root && next.euid === root;
  if (!(old.securebits & SECBIT_NOROOT) && !(file.has && isSetuidRoot)) {
    if (next.euid === root || next.uid === root) next.permitted = old.bounding | old.inheritable;
    if (next.euid === root) effective = true;
  }
  const idsChange = next.euid !== old.euid || !inGroup(state, next.egid);
  if (old.noNewPrivs && (idsChange || !isSubset(next.permitted, old.permitted))) {
    Object.assign(next, { euid: next.uid, egid: next.gid, permitted: next.permitted & old.permitted });
  }
  Object.assign(next, { suid: next.euid, fsuid: next.euid, sgid: next.egid, fsgid: next.egid });
  if (file.has || idsChange) next.ambient = 0n;
  next.permitted |= next.ambient;
  next.effective = effective ? next.permitted : next.ambient;
  next.securebits &= ~SECBIT_KEEP_CAPS;
  const gains = next.uid !== root && (effective || !isSubset(next.permitted, next.ambient));
  return {
    credentials: next,
    isPrivileged: idsChange || next.euid !== old.uid || next.egid !== old.gid || gains,
    forgets: next.euid !== old.euid || next.egid !== old.egid || !isSubset(next.permitted, old.permitted),
  };
}

function credentialsOf({ uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, ...rest }: Credentials): Credentials {
  const { inheritable, permitted, effective, bounding, ambient, securebits, noNewPrivs } = rest;
  const ids = { uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups };
  return { ...ids, inheritable, permitted, effective, bounding, ambient, securebits, noNewPrivs };
}

/** The ids that a set-user-ID or set-group-ID file gives. */
function idsOfFile(state: State, place: Place): Partial<Credentials> {
  const { mode, uid, gid } = place.inode;
  const { user } = state.process.namespaces;
  if (state.process.noNewPrivs || !givesPrivileges(state, place) || !hasUid(user, uid) || !hasGid(user, gid)) return {};
  const setsGroup = (mode & S_ISGID) !== 0 && (mode & GROUP_EXECUTES) !== 0;
  return { ...(mode & S_ISUID && { euid: uid }), ...(setsGroup && { egid: gid }) };
}

function fileCapabilities(state: State, place: Place): { has: boolean; permitted: bigint; effective: boolean } {
  const { fileCapabilities: file } = place.inode;
  if (!file || !givesPrivileges(state, place)) return { has: false, permitted: 0n, effective: false };
  const { bounding, inheritable } = state.process;
  const permitted = (bounding & file.permitted) | (inheritable & (file.inheritable ?? 0n));
  if (file.effective && !isSubset(file.permitted, permitted)) fail('EPERM');
  return { has: true, permitted, effective: file.effective };
}

/** Do set-user-ID bits and capabilities of files count there? Not where MS_NOSUID is, nor where a stranger mounted it. */
function givesPrivileges({ process }: State, { mount }: Place): boolean {
  const isHere = mount.namespace === process.namespaces.mnt;
  return (mount.flags & MS_NOSUID) === 0 && isHere && isWithin(process.namespaces.user, mount.filesystem.owner);
}

function isWithin(namespace: UserNamespace, outer: UserNamespace): boolean {
  for (let at: UserNamespace | null = namespace; at; at = at.owner) if (at === outer) return true;
  return false;
}
