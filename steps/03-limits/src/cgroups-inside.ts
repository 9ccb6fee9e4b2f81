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
 * Mounts the container's cgroups, read-only, where programs look for them: Java and Node.js size themselves by these
 * limits. A new cgroup namespace has as its root the cgroup that the process is in *at that moment*. clone(2) would make
 * the namespace too early, before the host has put the process anywhere. So the process makes it itself, as the first
 * thing it does after the gate.
 *
 * @param hierarchies - the ones in which the container has a cgroup
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

/** v1 has a tree for each controller, or for a few together, in a directory of that name; v2 beside it has one, too. */
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
  throw new Error(`--cgroupns: invalid CGROUP mode\n${JSON.stringify(text)}: it is private or host`);
}
