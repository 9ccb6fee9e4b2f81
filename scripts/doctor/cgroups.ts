import { existsSync } from 'node:fs';
import { type Check, impossible, ok, type Result, warning } from './check.ts';
import { type Mount, parseCgroups, parseMountinfo } from './kernel-files.ts';
import { asRoot, read } from './system.ts';

/** What the kernel says of its cgroups. */
export interface Cgroups {
  /** Mounts of type cgroup (v1) and cgroup2 only. */
  mounts: Mount[];
  /** cgroup.controllers of the v2 mount; none without it. */
  v2Controllers: string[];
  /** How many processes live at the top of v2 where that is a cgroup like any other, as in a container; else 0. */
  v2Blocked: number;
  /** /proc/cgroups. */
  known: Map<string, { enabled: boolean }>;
}

/** The controllers the course uses; io has another name in v1. */
const controllers = ['pids', 'memory', 'cpu', 'cpuset', 'io', 'freezer'];

export const cgroupChecks: Check[] = [
  { name: 'cgroups', run: () => hierarchy(gather()) },
  { name: 'cgroup tree', run: () => delegation(gather()) },
  ...controllers.map((name) => ({ name: `cgroup ${name}`, run: () => controller(name, gather()) })),
];

function gather(): Cgroups {
  const all = parseMountinfo(read('/proc/self/mountinfo') ?? '');
  const mounts = all.filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  const v2 = unified && read(`${unified.target}/cgroup.controllers`);
  return {
    mounts,
    v2Controllers: v2 ? v2.split(' ') : [],
    v2Blocked: unified ? processesAtTop(unified.target) : 0,
    known: parseCgroups(read('/proc/cgroups') ?? ''),
  };
}

/** Which of v1 and v2 is mounted. */
export function hierarchy({ mounts }: Cgroups): Result {
  const v1 = mounts.filter(({ type }) => type === 'cgroup');
  const v2 = mounts.find(({ type }) => type === 'cgroup2');
  if (v1.length > 0 && v2) return ok(`hybrid: ${v1.length} of v1, and v2 at ${v2.target}`);
  if (v1.length > 0) return ok(`v1, ${v1.length} hierarchies`);
  if (v2) return ok(`v2 at ${v2.target}`);
  return warning('not mounted', 'no limit can be set, in any step', asRoot('mount -t cgroup2 cgroup2 /sys/fs/cgroup'));
}

/** Only the true top of the tree has no cgroup.type, and may have processes. */
function processesAtTop(top: string): number {
  if (!existsSync(`${top}/cgroup.type`)) return 0;
  return (read(`${top}/cgroup.procs`) ?? '').split('\n').filter((line) => line !== '').length;
}

/** Whether v2's topmost cgroup may pass on the controllers that it has. */
export function delegation({ mounts, v2Controllers, v2Blocked }: Cgroups): Result {
  const v2 = mounts.find(({ type }) => type === 'cgroup2');
  const ours = v2Controllers.filter((name) => controllers.includes(name));
  if (!v2 || ours.length === 0) return ok('v1: every cgroup has what its hierarchy controls');
  if (v2Blocked === 0) return ok(`${v2.target} can pass on ${ours.join(' ')}`);
  const meaning =
    'a cgroup that has processes may pass no controller on (cgroups(7), "no internal processes"), so every run fails, with EBUSY or EOPNOTSUPP: this is a container, and its processes must move to a leaf';
  return impossible(
    `${v2Blocked} processes at ${v2.target} itself`,
    meaning,
    asRoot(`sh scripts/delegate-cgroups.sh ${v2.target}`),
  );
}

/** Which version has a controller, and where. */
export function controller(name: string, { mounts, v2Controllers, known }: Cgroups): Result {
  const oldName = name === 'io' ? 'blkio' : name;
  const v1 = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(oldName));
  if (v1) return place('v1', v1);
  const v2 = mounts.find(({ type }) => type === 'cgroup2');
  // In v2 each cgroup but the root can be frozen, without a controller (Linux 5.2).
  if (v2 && (name === 'freezer' || v2Controllers.includes(name))) return place('v2', v2);
  return missing(oldName, known.get(oldName), mounts);
}

function place(version: string, { target, options }: Mount): Result {
  const found = `${version} at ${target}`;
  if (!options.includes('ro')) return ok(found);
  const meaning = 'no cgroup can be made there, so no limit be set: this is a container, or a locked-down machine';
  return warning(`${found}, read-only`, meaning, asRoot(`mount -o remount,rw ${target}`));
}

function missing(name: string, known: { enabled: boolean } | undefined, mounts: Mount[]): Result {
  const effect = `limits of ${name} can't be set`;
  if (!known) return warning('missing', `${effect}: this kernel is built without it`);
  if (!known.enabled) {
    return warning('disabled', `${effect}: boot with cgroup_enable=${name} on the kernel's command line`);
  }
  if (mounts.length === 0) return warning('not mounted', effect);
  if (mounts.some(({ type }) => type === 'cgroup2')) {
    const meaning = `${effect}: the kernel has it, but not for this part of the cgroup tree; a container's host must delegate it`;
    return warning('not available here', meaning);
  }
  const target = `/sys/fs/cgroup/${name}`;
  return warning('not mounted', effect, asRoot(`mount --mkdir -t cgroup -o ${name} cgroup ${target}`));
}
