import {
  int32,
  int64,
  listOf,
  mapOf,
  object,
  oneOf,
  type Read,
  text,
  textLike,
  uint16,
  uint32,
  uint64,
  yesOrNo,
} from './shape.ts';

// config.json, as runtime-spec 1.2 has it for Linux, and what 1.3 adds.
// https://github.com/opencontainers/runtime-spec/blob/main/config.md

const texts = listOf(text);

const rlimit = object(
  { type: textLike(/^RLIMIT_[A-Z]+$/, 'a limit such as RLIMIT_NOFILE'), soft: uint64, hard: uint64 },
  {},
);

const capabilities = object(
  {},
  { bounding: texts, permitted: texts, effective: texts, inheritable: texts, ambient: texts },
);

const scheduler = object(
  {
    policy: oneOf('SCHED_OTHER', 'SCHED_FIFO', 'SCHED_RR', 'SCHED_BATCH', 'SCHED_ISO', 'SCHED_IDLE', 'SCHED_DEADLINE'),
  },
  { nice: int32, priority: int32, flags: texts, runtime: uint64, deadline: uint64, period: uint64 },
);

const user = object({}, { uid: uint32, gid: uint32, umask: uint32, additionalGids: listOf(uint32), username: text });

/** process.json, which `exec --process` takes as well. */
export const processShape = object(
  { cwd: text },
  {
    args: texts,
    commandLine: text,
    consoleSize: object({ height: uint64, width: uint64 }, {}),
    env: texts,
    terminal: yesOrNo,
    user,
    capabilities,
    apparmorProfile: text,
    oomScoreAdj: int32,
    selinuxLabel: text,
    ioPriority: object(
      { class: oneOf('IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE') },
      { priority: int32 },
    ),
    noNewPrivileges: yesOrNo,
    scheduler,
    rlimits: listOf(rlimit),
    execCPUAffinity: object({}, { initial: text, final: text }),
  },
);
export type Process = Read<typeof processShape>;

const idMap = object({ containerID: uint32, hostID: uint32, size: uint32 }, {});
export type OciIdMap = Read<typeof idMap>;

const mount = object(
  { destination: text },
  { source: text, type: text, options: texts, uidMappings: listOf(idMap), gidMappings: listOf(idMap) },
);
export type OciMount = Read<typeof mount>;

const device = object(
  { type: oneOf('a', 'b', 'c', 'u', 'p'), path: text },
  { major: int64, minor: int64, fileMode: uint32, uid: uint32, gid: uint32 },
);
export type OciDevice = Read<typeof device>;

const deviceRule = object(
  { allow: yesOrNo },
  { type: oneOf('a', 'b', 'c', ''), major: int64, minor: int64, access: text },
);
export type OciDeviceRule = Read<typeof deviceRule>;

const rates = listOf(object({ major: int64, minor: int64, rate: uint64 }, {}));
const weights = listOf(object({ major: int64, minor: int64 }, { weight: uint16, leafWeight: uint16 }));

export const resourcesShape = object(
  {},
  {
    devices: listOf(deviceRule),
    pids: object({}, { limit: int64 }),
    memory: object(
      {},
      {
        ...{ limit: int64, reservation: int64, swap: int64, kernel: int64, kernelTCP: int64, swappiness: uint64 },
        ...{ disableOOMKiller: yesOrNo, useHierarchy: yesOrNo, checkBeforeUpdate: yesOrNo },
      },
    ),
    cpu: object(
      {},
      {
        ...{ shares: uint64, quota: int64, burst: uint64, period: uint64, cpus: text, mems: text, idle: int64 },
        ...{ realtimeRuntime: int64, realtimePeriod: uint64 },
      },
    ),
    blockIO: object(
      {},
      {
        ...{ weight: uint16, leafWeight: uint16, weightDevice: weights, throttleReadBpsDevice: rates },
        ...{ throttleWriteBpsDevice: rates, throttleReadIOPSDevice: rates, throttleWriteIOPSDevice: rates },
      },
    ),
    hugepageLimits: listOf(object({ pageSize: textLike(/^[1-9]\d*[KMG]B$/, 'a size such as 2MB'), limit: uint64 }, {})),
    network: object({}, { classID: uint32, priorities: listOf(object({ name: text, priority: uint32 }, {})) }),
    rdma: mapOf(object({}, { hcaHandles: uint32, hcaObjects: uint32 })),
    unified: mapOf(text),
  },
);
export type Resources = Read<typeof resourcesShape>;

const seccompArg = object({ index: uint32, value: uint64, op: text }, { valueTwo: uint64 });
const seccomp = object(
  { defaultAction: text },
  {
    defaultErrnoRet: uint32,
    flags: texts,
    listenerPath: text,
    listenerMetadata: text,
    architectures: texts,
    syscalls: listOf(object({ names: texts, action: text }, { errnoRet: uint32, args: listOf(seccompArg) })),
  },
);
export type OciSeccomp = Read<typeof seccomp>;

export const MEMORY_POLICIES = [
  'MPOL_DEFAULT',
  'MPOL_BIND',
  'MPOL_INTERLEAVE',
  'MPOL_WEIGHTED_INTERLEAVE',
  'MPOL_PREFERRED',
  'MPOL_PREFERRED_MANY',
  'MPOL_LOCAL',
] as const;

export const MEMORY_POLICY_FLAGS = ['MPOL_F_NUMA_BALANCING', 'MPOL_F_RELATIVE_NODES', 'MPOL_F_STATIC_NODES'] as const;

const timeOffset = object({}, { secs: int64, nanosecs: uint32 });

const linux = object(
  {},
  {
    devices: listOf(device),
    uidMappings: listOf(idMap),
    gidMappings: listOf(idMap),
    namespaces: listOf(
      object({ type: oneOf('mount', 'pid', 'network', 'uts', 'ipc', 'user', 'cgroup', 'time') }, { path: text }),
    ),
    timeOffsets: object({}, { boottime: timeOffset, monotonic: timeOffset }),
    resources: resourcesShape,
    cgroupsPath: text,
    rootfsPropagation: oneOf(
      'private',
      'shared',
      'slave',
      'unbindable',
      'rprivate',
      'rshared',
      'rslave',
      'runbindable',
      '',
    ),
    seccomp,
    sysctl: mapOf(text),
    maskedPaths: texts,
    readonlyPaths: texts,
    mountLabel: text,
    intelRdt: object(
      {},
      { closID: text, l3CacheSchema: text, memBwSchema: text, enableCMT: yesOrNo, enableMBM: yesOrNo },
    ),
    personality: object({ domain: oneOf('LINUX', 'LINUX32') }, { flags: texts }),
    netDevices: mapOf(object({}, { name: text })),
    memoryPolicy: object(
      { mode: oneOf(...MEMORY_POLICIES) },
      { nodes: text, flags: listOf(oneOf(...MEMORY_POLICY_FLAGS)) },
    ),
  },
);
export type OciMemoryPolicy = NonNullable<Read<typeof linux>['memoryPolicy']>;
export type OciNetDevices = NonNullable<Read<typeof linux>['netDevices']>;
export type OciNamespace = NonNullable<Read<typeof linux>['namespaces']>[number];

const hook = object({ path: text }, { args: texts, env: texts, timeout: int32 });
export type Hook = Read<typeof hook>;

const hooks = listOf(hook);

/** In the order in which they are run. */
export const HOOKS = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const;
export type HookKind = (typeof HOOKS)[number];

export const configShape = object(
  { ociVersion: textLike(/^\d+\.\d+\.\d+/, 'a version such as 1.2.0') },
  {
    process: processShape,
    root: object({ path: text }, { readonly: yesOrNo }),
    hostname: text,
    domainname: text,
    mounts: listOf(mount),
    hooks: object(
      {},
      {
        ...{ prestart: hooks, createRuntime: hooks, createContainer: hooks },
        ...{ startContainer: hooks, poststart: hooks, poststop: hooks },
      },
    ),
    annotations: mapOf(text),
    linux,
    ...{ windows: object({}, {}), solaris: object({}, {}), vm: object({}, {}), zos: object({}, {}) },
    freebsd: object({}, { jail: object({}, { vnet: oneOf('new', 'inherit') }) }),
  },
);
export type Config = Read<typeof configShape>;
