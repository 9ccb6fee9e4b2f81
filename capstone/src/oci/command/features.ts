import { CAPABILITIES, put } from 'step-10';
import { HOOKS, MEMORY_POLICIES, MEMORY_POLICY_FLAGS } from '../config/schema.ts';
import { MOUNT_OPTIONS } from '../mounts/options.ts';
import type { OciCommand } from '../oci-command.ts';
import { OCI_VERSION } from '../version.ts';

export const featuresCommand: OciCommand = {
  usage: '',
  description: 'say what this runtime can do',
  run() {
    put(`${JSON.stringify(FEATURES, null, 2)}\n`);
    return 0;
  },
};

const comparisons = ['EQ', 'GE', 'GT', 'LE', 'LT', 'MASKED_EQ', 'NE'];
const actions = ['ALLOW', 'ERRNO', 'KILL', 'KILL_PROCESS', 'KILL_THREAD', 'LOG', 'NOTIFY', 'TRACE', 'TRAP'];
const flags = ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_TSYNC'];

/** runtime-spec, features.md */
const FEATURES = {
  ociVersionMin: '1.0.0',
  ociVersionMax: OCI_VERSION,
  hooks: HOOKS,
  mountOptions: MOUNT_OPTIONS,
  linux: {
    namespaces: ['cgroup', 'ipc', 'mount', 'network', 'pid', 'time', 'user', 'uts'],
    capabilities: CAPABILITIES,
    cgroup: { v1: true, v2: true, systemd: false, systemdUser: false, rdma: true },
    seccomp: {
      enabled: true,
      actions: actions.map((name) => `SCMP_ACT_${name}`),
      operators: comparisons.map((name) => `SCMP_CMP_${name}`),
      archs: ['AARCH64', 'ARM', 'X32', 'X86', 'X86_64'].map((name) => `SCMP_ARCH_${name}`),
      knownFlags: flags,
      supportedFlags: flags,
    },
    apparmor: { enabled: true },
    selinux: { enabled: false },
    intelRdt: { enabled: false },
    mountExtensions: { idmap: { enabled: true } },
    netDevices: { enabled: true },
    memoryPolicy: { modes: MEMORY_POLICIES, flags: MEMORY_POLICY_FLAGS },
  },
  annotations: {},
  potentiallyUnsafeConfigAnnotations: [],
};
