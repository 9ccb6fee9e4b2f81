import {
  type Call,
  CLONE_NEWCGROUP,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REMOUNT,
  mkdir,
  mount,
  symlink,
  unshare,
} from 'shared-native';
import type { Hierarchy, Program } from 'step-02';

/** Whose cgroups a container sees: its own, or all of the host's. */
export type CgroupNamespace = 'private' | 'host';

const PLACE = '/sys/fs/cgroup';
const SAFE = MS_NOSUID | MS_NODEV | MS_NOEXEC;

// #region limits seen from inside
/**
 * Mounts the container's cgroups where programs look for them, read-only: a Java or Node.js inside sizes itself by what it
 * may use. The cgroup namespace makes the cgroup in which a process is *now* the root of all that it sees. So it isn't one
 * of those that clone(2) makes: the process would be born into it before the host has put it anywhere. It waits at its
 * gate until then, and this is the first thing that it does.
 *
 * @param hierarchies - those in which the container has a cgroup
 */
export function cgroupsInside(
  hierarchies: readonly Hierarchy[],
  whose: CgroupNamespace,
): Pick<Program, 'setup' | 'inside'> {
  return {
    setup: whose === 'private' ? [unshare(CLONE_NEWCGROUP)] : [],
    inside: hierarchies.some(({ version }) => version === 1)
      ? eachOf(hierarchies)
      : hierarchies.slice(0, 1).map(unified),
  };
}

/** v2 is one tree. */
function unified(): Call {
  return mount('cgroup', PLACE, 'cgroup2', SAFE | MS_RDONLY);
}

/** v1 is one tree for each controller, or for a few, in a directory of that name; v2 beside it has one, too. */
function eachOf(hierarchies: readonly Hierarchy[]): Call[] {
  return [
    mount('tmpfs', PLACE, 'tmpfs', SAFE, 'mode=755'),
    ...hierarchies.flatMap(({ version, controllers }) => {
      const name = version === 2 ? 'unified' : controllers.join(',');
      const type = version === 2 ? 'cgroup2' : 'cgroup';
      return [
        mkdir(`${PLACE}/${name}`, 0o755),
        mount('cgroup', `${PLACE}/${name}`, type, SAFE | MS_RDONLY, version === 2 ? null : name),
        ...(name.includes(',') ? controllers.map((one) => symlink(name, `${PLACE}/${one}`)) : []),
      ];
    }),
    mount(null, PLACE, null, MS_REMOUNT | MS_BIND | SAFE | MS_RDONLY),
  ];
}
// #endregion

/** The flag. @throws {Error} with docker's words, if it is neither */
export function cgroupNamespace(text: string): CgroupNamespace {
  if (text === '' || text === 'private') return 'private';
  if (text === 'host') return 'host';
  throw new Error(`invalid cgroup mode: ${text}: Expected --cgroupns to be private or host`);
}
