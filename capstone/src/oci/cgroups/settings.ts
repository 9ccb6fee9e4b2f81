import { type ControllerFile, type Hierarchy, type Limits, places, thisMachine } from 'step-10';
import type { Resources } from '../config/schema.ts';

/** What is written to which file of a container's cgroup, and by which controller. */
export interface CgroupSetting {
  readonly hierarchy: Hierarchy;
  readonly controller: string;
  readonly files: readonly ControllerFile[];
}

type Machine = ReturnType<typeof thisMachine>;

/**
 * What linux.resources comes to on this machine, devices left out.
 *
 * @throws {Error} that names what no hierarchy here can limit
 */
export function settings(resources: Resources, hierarchies: readonly Hierarchy[]): CgroupSetting[] {
  const machine = thisMachine(hierarchies);
  return [...places(limitsOf(resources, machine), hierarchies, machine), ...further(resources, hierarchies)];
}

/** Those that step 3 has. */
function limitsOf({ memory = {}, cpu = {}, pids, blockIO = {} }: Resources, machine: Machine): Limits {
  const rates = (all: typeof blockIO.throttleReadBpsDevice) =>
    all?.map(({ major, minor, rate }) => ({ disk: `${major}:${minor}`, rate: Number(rate) }));
  const number = (value: number | bigint | undefined) => (value === undefined ? undefined : Number(value));
  const unless0 = (value: number | bigint | undefined) => number(value) || undefined;
  const unlessNone = (value: number | bigint | undefined) => (isNone(value) ? undefined : unless0(value));
  const all: { [L in keyof Limits]: Limits[L] | undefined } = {
    memory: unlessNone(memory.limit),
    memorySwap: machine.swap ? unless0(memory.swap) : undefined,
    memoryReservation: unlessNone(memory.reservation),
    cpuPeriod: unless0(cpu.period),
    cpuQuota: unless0(cpu.quota),
    cpuShares: unless0(cpu.shares),
    pids: pids?.limit === undefined ? undefined : Number(pids.limit) > 0 ? Number(pids.limit) : Infinity,
    blkioWeight: unless0(blockIO.weight),
    deviceReadBps: rates(blockIO.throttleReadBpsDevice),
    deviceWriteBps: rates(blockIO.throttleWriteBpsDevice),
    deviceReadIops: rates(blockIO.throttleReadIOPSDevice),
    deviceWriteIops: rates(blockIO.throttleWriteIOPSDevice),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** -1 takes a limit away. 0 leaves it as it is. */
export const isNone = (value: number | bigint | undefined) => Number(value) === -1;

/** A limit that docker has no flag for: its name in config.json, its file in v1 and in v2, and what is written. */
interface Further {
  readonly field: string;
  readonly v1?: string | undefined;
  readonly v2?: string | undefined;
  readonly value: string | number | bigint | undefined;
}

function further(resources: Resources, hierarchies: readonly Hierarchy[]): CgroupSetting[] {
  const { memory = {}, cpu = {}, network = {}, hugepageLimits = [], rdma = {}, unified = {}, blockIO = {} } = resources;
  const hasMemory = hierarchies.some((one) => has(one, 'memory'));
  const none = (value: number | bigint | undefined) => (hasMemory && isNone(value) ? -1 : undefined);
  const ofDevices = (blockIO.weightDevice ?? []).map(({ major, minor, weight }) => ({
    field: 'blockIO.weightDevice',
    ...{ v1: 'blkio.bfq.weight_device', v2: 'io.bfq.weight', value: weight && `${major}:${minor} ${weight}` },
  }));
  const all: Further[] = [
    { field: 'memory.limit', v1: 'memory.limit_in_bytes', v2: 'memory.max', value: none(memory.limit) },
    {
      field: 'memory.reservation',
      ...{ v1: 'memory.soft_limit_in_bytes', v2: 'memory.low', value: none(memory.reservation) },
    },
    { field: 'memory.swappiness', v1: 'memory.swappiness', value: memory.swappiness },
    { field: 'memory.disableOOMKiller', v1: 'memory.oom_control', value: memory.disableOOMKiller ? 1 : undefined },
    {
      field: 'memory.kernelTCP',
      v1: 'memory.kmem.tcp.limit_in_bytes',
      value: Number(memory.kernelTCP ?? -1) > 0 ? memory.kernelTCP : undefined,
    },
    // Not as step 3 has them: the cgroup above is somebody's, and keeps what it has.
    { field: 'cpu.cpus', v1: 'cpuset.cpus', v2: 'cpuset.cpus', value: cpu.cpus || undefined },
    { field: 'cpu.mems', v1: 'cpuset.mems', v2: 'cpuset.mems', value: cpu.mems || undefined },
    { field: 'cpu.burst', v1: 'cpu.cfs_burst_us', v2: 'cpu.max.burst', value: cpu.burst },
    { field: 'cpu.idle', v1: 'cpu.idle', v2: 'cpu.idle', value: cpu.idle },
    { field: 'cpu.realtimePeriod', v1: 'cpu.rt_period_us', value: cpu.realtimePeriod || undefined },
    { field: 'cpu.realtimeRuntime', v1: 'cpu.rt_runtime_us', value: cpu.realtimeRuntime || undefined },
    { field: 'network.classID', v1: 'net_cls.classid', value: network.classID },
    ...(network.priorities ?? []).map(({ name, priority }) => ({
      field: 'network.priorities',
      ...{ v1: 'net_prio.ifpriomap', value: `${name} ${priority}` },
    })),
    ...hugepageLimits.map(({ pageSize, limit }) => ({
      field: `hugepageLimits ${pageSize}`,
      ...{ v1: `hugetlb.${pageSize}.limit_in_bytes`, v2: `hugetlb.${pageSize}.max`, value: limit },
    })),
    ...Object.entries(rdma).map(([device, { hcaHandles, hcaObjects }]) => ({
      field: 'rdma',
      ...{ v1: 'rdma.max', v2: 'rdma.max' },
      value: `${device} hca_handle=${hcaHandles ?? 'max'} hca_object=${hcaObjects ?? 'max'}`,
    })),
    ...ofDevices,
    { field: 'blockIO.leafWeight', v1: 'blkio.leaf_weight', value: blockIO.leafWeight || undefined },
    ...Object.entries(unified).map(([file, value]) => ({ field: `unified ${file}`, v2: unifiedFile(file), value })),
  ];
  return all.filter(({ value }) => value !== undefined).map((one) => placed(one, hierarchies));
}

function placed({ field, v1, v2, value = '' }: Further, hierarchies: readonly Hierarchy[]): CgroupSetting {
  for (const [version, file] of [
    [2, v2],
    [1, v1],
  ] as const) {
    const controller = file?.split('.')[0] ?? '';
    const hierarchy = hierarchies.find((one) => one.version === version && has(one, controller));
    const text = typeof value === 'bigint' ? String(value) : value;
    if (hierarchy && file)
      return { hierarchy, controller, files: [[file, version === 2 && text === -1 ? 'max' : text]] };
  }
  throw new Error(
    `invalid configuration: linux.resources.${field} can’t be had: no cgroup hierarchy of this machine has a file for it`,
  );
}

/** `cgroup.*` is every cgroup's. */
function has({ controllers }: Hierarchy, controller: string): boolean {
  return controller === 'cgroup' || controllers.includes(controller);
}

/** @throws {Error} for what is no file's name: `../x` would be another container's */
function unifiedFile(name: string): string {
  if (/^\w+(\.\w+)+$/.test(name)) return name;
  throw new Error(`linux.resources.unified: ${JSON.stringify(name)} is not a file of a cgroup`);
}
