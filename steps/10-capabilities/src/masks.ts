import { readdirSync, statSync } from 'node:fs';
import {
  type Call,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  mount,
} from 'shared-native';

/** A path that the kernel shows below /proc or /sys. */
export interface Place {
  readonly path: string;
  readonly isDirectory: boolean;
}

/** Places of a container's /proc and /sys. */
export interface Covered {
  readonly masked: readonly Place[];
  readonly readOnly: readonly Place[];
}

/** Files that no container may read: the kernel's memory, keys, timers; the same as docker's, in its order. */
const MASKED = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

/** A processor's temperature reveals what the neighbours do, so docker masks this, too. */
function thermalThrottle(): string[] {
  const directory = '/sys/devices/system/cpu';
  const all = statSync(directory, { throwIfNoEntry: false }) ? readdirSync(directory) : [];
  return all.filter((name) => /^cpu\d+$/.test(name)).map((name) => `${directory}/${name}/thermal_throttle`);
}

/** Files that no container may change: they are the host's, in no namespace; the same as docker's. */
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** The ones of these that this machine's kernel has. */
export function coveredHere(): Covered {
  return { masked: present([...MASKED, ...thermalThrottle()]), readOnly: present(READ_ONLY) };
}

/** Those of some paths that this kernel has. They are the same in every /proc of it. */
function present(paths: readonly string[]): Place[] {
  return paths.flatMap((path) => {
    const there = statSync(path, { throwIfNoEntry: false });
    return there ? [{ path, isDirectory: there.isDirectory() }] : [];
  });
}

// #region what isn't to be seen
/**
 * Masks some paths and makes others read-only, in place. Masked files are covered with the container's /dev/null, which is
 * empty, masked directories with an empty read-only filesystem: one for all of them, since each filesystem takes memory in
 * every memory cgroup. Read-only paths are mounted on themselves, with everything that is mounted below them. Root may write
 * to files with mode 644, but nobody may write to a read-only mount, or remove a mount without CAP_SYS_ADMIN. The rest of
 * /proc and /sys stays as it is.
 */
export function cover({ masked, readOnly }: Covered): Call[] {
  // #region task 4: nothing to see, nothing to write
  const [empty, ...others] = masked.filter(({ isDirectory }) => isDirectory).map(({ path }) => path);
  const files = masked.filter(({ isDirectory }) => !isDirectory);
  return [
    ...readOnly.flatMap(({ path }) => [
      mount(path, path, null, MS_BIND | MS_REC),
      mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE),
    ]),
    ...files.map(({ path }) => mount('/dev/null', path, null, MS_BIND)),
    ...(empty ? [mount('tmpfs', empty, 'tmpfs', MS_RDONLY, 'nr_blocks=1,nr_inodes=1')] : []),
    ...others.map((path) => mount(empty as string, path, null, MS_BIND)),
  ];
  // #endregion
}
// #endregion

/** As /proc and /sys are mounted: in a user namespace a mount that lacks one of these is refused. */
const SAFE = MS_NOSUID | MS_NODEV | MS_NOEXEC;
