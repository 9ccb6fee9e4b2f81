import { lookUpCgroup } from '../cgroups/cgroups.ts';
import { lookUpProc } from '../filesystems/proc.ts';
import type { Inode, State } from '../state.ts';

/** What a directory holds under a name. */
export function childOf(state: State, directory: Inode, name: string): Inode | undefined {
  if (directory.filesystem.type === 'proc') return lookUpProc(state, directory, name);
  if (directory.filesystem.hierarchy) return lookUpCgroup(state, directory, name);
  return directory.entries.get(name);
}
