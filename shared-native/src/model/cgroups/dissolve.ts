import { Errno, fail } from '../errors.ts';
import { lookUp } from '../files/path.ts';
import { isReadOnly } from '../files/permission.ts';
import type { Inode, State } from '../state.ts';
import { cgroupOf, cgroupsBelow, removeCgroup } from './cgroups.ts';
import { killProcess } from './write.ts';

/**
 * Ends what is in a cgroup and in those below, and removes them all, as an engine does that has finished. Fine if it is
 * gone already.
 *
 * @returns the name of the error that it answers, if one
 */
export function dissolveCgroup(state: State, path: string): string | undefined {
  try {
    const { mount, inode } = lookUp(state, path, { follow: true });
    if (isReadOnly(mount)) fail('EROFS');
    for (const cgroup of cgroupsBelow(cgroupOf(inode)).reverse()) {
      for (const hostPid of cgroup.processes) killProcess(state, hostPid);
      cgroup.processes.clear();
      removeCgroup(cgroup.directory as Inode);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return error.code === 'ENOENT' ? undefined : error.code;
    throw error;
  }
}
