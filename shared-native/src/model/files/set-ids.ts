import { CAP_FSETID, S_ISGID, S_ISUID } from '../../kernel/constants.ts';
import { capable, capableOf, inGroup } from '../process/capabilities.ts';
import type { Inode, State } from '../state.ts';

const GROUP_EXECUTES = 0o010;

/**
 * A file's mode without set-user-ID and set-group-ID. Where the group may not execute it, set-group-ID isn't about
 * programs, and stays for those who may set it.
 */
export function withoutSetIds(state: State, inode: Inode): number {
  const drops = (inode.mode & GROUP_EXECUTES) !== 0 || !maySetGroupId(state, inode, inode.gid);
  return inode.mode & ~S_ISUID & ~(drops ? S_ISGID : 0);
}

/** Set-group-ID is for members of the group. */
export function maySetGroupId(state: State, inode: Inode, gid: number): boolean {
  return inGroup(state, gid) || capableOf(state, inode, CAP_FSETID);
}

/** A program that somebody else writes to loses its privileges: its capabilities always, its set-user-ID bit unless the host's CAP_FSETID writes. */
export function losePrivileges(state: State, inode: Inode): void {
  if (inode.type !== 'file') return;
  delete inode.fileCapabilities;
  if (!capable(state, state.firstUserNamespace, CAP_FSETID)) inode.mode = withoutSetIds(state, inode);
}
