import { readFileSync } from 'node:fs';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  chdir,
  chroot,
  close,
  fchdir,
  MNT_DETACH,
  MOUNT_ATTR_RDONLY,
  MS_MOVE,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  mount,
  mountSetattr,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  pivotRoot,
  tolerate,
  umount2,
} from 'shared-native';
import { type Addition, mountsIn } from 'step-10';
import type { Config } from './config/schema.ts';

/** Does what the host mounts below the root later reach the container? As a value of mount_namespaces(7). */
export function reachOf({ rootfsPropagation = '' }: NonNullable<Config['linux']>) {
  return /private/.test(rootfsPropagation) ? 'rprivate' : 'rslave';
}

/** Makes the root read-only, and nothing that is mounted below it. */
export function sealed(root: Call): Call {
  return mountSetattr(root, '', AT_EMPTY_PATH, { attr_set: MOUNT_ATTR_RDONLY });
}

const PROPAGATION = { shared: MS_SHARED, slave: MS_SLAVE, private: MS_PRIVATE, unbindable: MS_UNBINDABLE };

/** Without pivot_root, the host's mounts stay below. A whole /proc among them would let a user namespace mount another one. */
function hidden(): Call[] {
  const all = mountsIn(readFileSync('/proc/self/mountinfo', 'utf8')).filter(({ type }) => /^(proc|sysfs)$/.test(type));
  return all.toReversed().map(({ path }) => tolerate(umount2(path, MNT_DETACH), 'any'));
}

/** Into the root: nothing of the host's is in sight from there. Without pivot_root, as in an initramfs, it is moved over it. */
export function entering(root: Call, noPivot: boolean, propagation = ''): Addition {
  const kind = PROPAGATION[propagation.replace(/^r/, '') as keyof typeof PROPAGATION];
  const reach = kind === undefined ? [] : [mount(null, '/', null, kind | (propagation.startsWith('r') ? MS_REC : 0))];
  if (noPivot)
    return {
      enter: [...hidden(), fchdir(root), mount('.', '/', null, MS_MOVE), chroot('.'), chdir('/')],
      leave: [close(root), ...reach],
    };
  const old = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
  const closed = [close(old), close(root)]; // while it waits, no descriptor of it leads to the host
  return {
    enter: [old, fchdir(root), pivotRoot('.', '.'), fchdir(old)],
    leave: [mount(null, '.', null, MS_REC | MS_SLAVE), umount2('.', MNT_DETACH), chdir('/'), ...closed, ...reach],
  };
}
