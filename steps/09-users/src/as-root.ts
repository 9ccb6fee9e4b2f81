import { AT_FDCWD, type Call, FSCONFIG_CMD_CREATE, fchdir, MOVE_MOUNT_F_EMPTY_PATH, moveMount } from 'shared-native';
import type { Plan } from 'step-08';
import { becomeRoot } from './writing.ts';

// #region late enough, and early enough
/**
 * Where the process becomes root of its user namespace: as the first file of the container's is made, which is to be that
 * root's. Until then it has the ids that it came with, and finds its way through directories that the host has closed to
 * others. So it goes to the one that is to be its root before, and mounts that where it stands.
 *
 * @param before - the plan, in which `setup` ends in a mount that becomes the root
 */
export function asRoot({ program: { setup, enter } }: Plan): (call: Call) => readonly Call[] | undefined {
  const made = setup.findLast(({ args: { cmd } }) => cmd?.kind === 'integer' && cmd.value === FSCONFIG_CMD_CREATE);
  const attached = setup.findLast(({ name }) => name === 'move_mount');
  const [goThere] = enter.filter(({ name }) => name === 'chdir');
  const root = attached?.args.from_dirfd;
  if (!made || !goThere || root?.kind !== 'result') throw new Error('the plan mounts no root to become root in');
  return (call) => {
    if (call === made) return [goThere, ...becomeRoot(), made];
    if (call === attached) return [moveMount(root.of, '', AT_FDCWD, '.', MOVE_MOUNT_F_EMPTY_PATH)];
    if (call === goThere) return [fchdir(root.of)];
    return undefined;
  };
}
// #endregion
