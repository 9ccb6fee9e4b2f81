import { closeSync, openSync } from 'node:fs';
import {
  CLONE_NEWNS,
  chdir,
  fchdir,
  MS_PRIVATE,
  MS_REC,
  mount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  perform,
  setns,
  unshare,
} from 'shared-native';
import type { Directories } from '../overlay.ts';
import { DESCRIPTORS, dataOf, pathsOf } from './mount.ts';

const DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC;

/**
 * An overlay that is attached nowhere, on kernels where fsmount can't make it: this thread mounts it in a new mount namespace,
 * which it leaves at once. The descriptor alone keeps the mount, so it goes away with this process.
 *
 * From then on, this thread no longer shares its working directory and umask with the process's other threads: unshare(2).
 *
 * @returns the descriptor of its root
 */
export function mountedApart(directories: Directories): number {
  const namespace = openSync('/proc/thread-self/ns/mnt', 'r');
  const here = openSync('.', DIRECTORY);
  try {
    perform(unshare(CLONE_NEWNS));
    try {
      return mounted(directories);
    } finally {
      perform(setns(namespace, CLONE_NEWNS)); // and the working directory is the root
      perform(fchdir(here));
    }
  } finally {
    for (const descriptor of [namespace, here]) closeSync(descriptor);
  }
}

/** Over the topmost directory, which nobody else sees. */
function mounted(directories: Directories): number {
  const [target = '/'] = directories.lowers;
  perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
  const opened: number[] = [];
  try {
    for (const path of pathsOf(directories)) opened.push(openSync(path, DIRECTORY));
    perform(chdir(DESCRIPTORS));
    perform(mount('overlay', target, 'overlay', 0, dataOf(directories, opened)));
    return openSync(target, DIRECTORY);
  } finally {
    opened.forEach(closeSync);
  }
}
