import { AT_FDCWD, type Call, FSCONFIG_CMD_CREATE, fchdir, MOVE_MOUNT_F_EMPTY_PATH, moveMount } from 'shared-native';
import type { Plan } from 'step-08';
import { becomeRoot } from './writing.ts';

// #region late enough, and early enough
/**
 * Makes the process root in its user namespace just before it makes the container's first file, which will belong to that
 * root. Until then it has the ids it was born with, and can pass through directories that the host keeps closed to others.
 * So it enters the future root directory first, and later mounts the root on its working directory.
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
