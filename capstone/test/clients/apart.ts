import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import {
  CLONE_NEWNS,
  MS_BIND,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  mount,
  perform,
  unshare,
} from 'shared-native';
import { state } from 'step-10';
import { REPOSITORY } from '../../../test/boxstep.ts';

/** The program that a client runs in place of runc. */
export const RUNTIME = join(REPOSITORY, 'scripts/boxstep-oci');

const CGROUPS = '/sys/fs/cgroup';

/** statfs(2)'s number for a tmpfs, in which v1's hierarchies are mounted. */
const TMPFS_MAGIC = 0x1021994;

/** A cgroup for all of a client's containers, which is removed with the root of the tests. */
export const cgroupParent = () => `/${state().name}`;

/**
 * Gives this process, and so the clients that it starts, mounts of their own, with an empty directory wherever a client keeps
 * what isn't in the folder that it's given. When the last of them has ended, all of it is gone, however the tests ended.
 */
export function liveApart(): void {
  perform(unshare(CLONE_NEWNS));
  perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
  for (const directory of ['/run', '/dev/shm', '/var/lib/containers'])
    if (existsSync(directory)) perform(mount('tmpfs', directory, 'tmpfs', 0));
  // podman makes directories for controllers that aren't mounted here: in the tmpfs itself, where they would stay.
  if (statfsSync(CGROUPS).type === TMPFS_MAGIC) perform(mount(null, CGROUPS, null, MS_REMOUNT | MS_BIND | MS_RDONLY));
}
