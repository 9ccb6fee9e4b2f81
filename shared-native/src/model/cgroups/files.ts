import type { Cgroup } from '../state.ts';

/** A file of a cgroup. */
export interface CgroupFile {
  readonly mode: number;
  /** Of the cgroup core: the root cgroup has none. */
  readonly notInRoot?: boolean;
}

/** A file of a controller, which the root cgroup has not, but for a few. */
export interface ControllerFile {
  readonly controller: string;
  readonly mode: number;
  readonly inRoot: boolean;
  /** What it takes; absent for one that has a rule of its own. */
  readonly takes?: (text: string, cgroup: Cgroup) => string | undefined;
}

const READ = { mode: 0o444 };
const BOTH = { mode: 0o644 };

/** The files that every cgroup has, by version. */
export const CORE_FILES: Readonly<Record<1 | 2, Readonly<Record<string, CgroupFile | undefined>>>> = {
  1: {
    tasks: BOTH,
    'cgroup.procs': BOTH,
    'cgroup.clone_children': BOTH,
    notify_on_release: BOTH,
    'cgroup.sane_behavior': READ,
  },
  2: {
    'cgroup.controllers': READ,
    'cgroup.subtree_control': BOTH,
    'cgroup.procs': BOTH,
    'cgroup.threads': BOTH,
    'cgroup.stat': READ,
    'cgroup.max.depth': BOTH,
    'cgroup.max.descendants': BOTH,
    'cgroup.type': { ...BOTH, notInRoot: true },
    'cgroup.events': { ...READ, notInRoot: true },
    'cgroup.freeze': { ...BOTH, notInRoot: true },
    'cgroup.kill': { mode: 0o200, notInRoot: true },
    'cpu.stat': READ,
  },
};

// What a file makes of a text, or the error that it answers.
const number =
  (least: number, most: number, outside = 'ERANGE') =>
  (text: string) => {
    if (!/^[+-]?\d+$/.test(text)) return 'EINVAL';
    return Number(text) >= least && Number(text) <= most ? undefined : outside;
  };
const numberOrMax = (least: number, most: number) => (text: string) =>
  text === 'max' ? undefined : number(least, most, 'EINVAL')(text);
const size = (text: string) => (/^\d+[kmgtpe]?$/i.test(text) || text === 'max' ? undefined : 'EINVAL');
const signedSize = (text: string) => (text === '-1' ? undefined : size(text) && 'EINVAL');
const bandwidth = (text: string) => {
  const [, quota, period = '100000'] = /^(max|\d+)(?: (\d+))?$/.exec(text) ?? [];
  if (quota === undefined || Number(period) < 1000 || Number(period) > 1_000_000) return 'EINVAL';
  return quota === 'max' || Number(quota) >= 1000 ? undefined : 'EINVAL';
};
const list = (text: string) => (/^(\d+(-\d+)?(,\d+(-\d+)?)*)?$/.test(text) ? undefined : 'EINVAL');
const any = () => undefined;
const device = (text: string) => (/^\d+:\d+ /.test(text) ? undefined : 'EINVAL');

const files = (controller: string, takes: Readonly<Record<string, ((text: string) => string | undefined) | null>>) =>
  Object.entries(takes).map(([name, check]): [string, ControllerFile] => [
    name.replace('*', ''),
    { controller, mode: check ? 0o644 : 0o444, inRoot: name.endsWith('*'), ...(check && { takes: check }) },
  ]);

/** The files of controllers, by version; a `*` marks those that the root cgroup has as well. */
export const CONTROLLER_FILES: Readonly<Record<1 | 2, Readonly<Record<string, ControllerFile | undefined>>>> = {
  1: Object.fromEntries([
    ...files('pids', { 'pids.max': numberOrMax(0, 4_194_304), 'pids.current': null, 'pids.events': null }),
    ...files('memory', {
      'memory.limit_in_bytes*': signedSize,
      'memory.soft_limit_in_bytes*': signedSize,
      'memory.memsw.limit_in_bytes*': signedSize,
      'memory.kmem.limit_in_bytes*': signedSize,
      'memory.swappiness*': number(0, 200, 'EINVAL'),
      'memory.oom_control*': number(0, 1, 'EINVAL'),
      'memory.usage_in_bytes*': null,
      'memory.max_usage_in_bytes*': any,
      'memory.failcnt*': any,
      'memory.stat*': null,
    }),
    ...files('cpu', {
      'cpu.shares*': number(0, Number.MAX_SAFE_INTEGER, 'EINVAL'),
      'cpu.cfs_quota_us': number(-1, Number.MAX_SAFE_INTEGER, 'EINVAL'),
      'cpu.cfs_period_us': number(1000, 1_000_000, 'EINVAL'),
      'cpu.stat': null,
    }),
    ...files('cpuacct', { 'cpuacct.usage*': any, 'cpuacct.stat*': null }),
    ...files('cpuset', { 'cpuset.cpus*': list, 'cpuset.mems*': list, 'cpuset.effective_cpus*': null }),
    ...files('blkio', {
      'blkio.weight*': number(10, 1000),
      'blkio.throttle.read_bps_device*': device,
      'blkio.throttle.write_bps_device*': device,
      'blkio.throttle.read_iops_device*': device,
      'blkio.throttle.write_iops_device*': device,
    }),
    ...files('devices', { 'devices.allow*': any, 'devices.deny*': any, 'devices.list*': null }),
    ...files('freezer', { 'freezer.state': any }),
  ]),
  2: Object.fromEntries([
    ...files('pids', {
      'pids.max': numberOrMax(0, 4_194_304),
      'pids.current': null,
      'pids.events': null,
      'pids.peak': null,
    }),
    ...files('memory', {
      'memory.max': size,
      'memory.high': size,
      'memory.low': size,
      'memory.min': size,
      'memory.swap.max': size,
      'memory.swap.high': size,
      'memory.oom.group': number(0, 1, 'EINVAL'),
      'memory.current': null,
      'memory.events': null,
      'memory.stat*': null,
      'memory.swap.current': null,
      'memory.peak': any,
    }),
    ...files('cpu', {
      'cpu.max': bandwidth,
      'cpu.weight': number(1, 10_000),
      'cpu.weight.nice': number(-20, 19),
      'cpu.idle': number(0, 1),
    }),
    ...files('io', { 'io.max': device, 'io.weight': any, 'io.stat*': null }),
    ...files('cpuset', {
      'cpuset.cpus': list,
      'cpuset.mems': list,
      'cpuset.cpus.effective*': null,
      'cpuset.mems.effective*': null,
      'cpuset.cpus.partition': any,
    }),
  ]),
};
