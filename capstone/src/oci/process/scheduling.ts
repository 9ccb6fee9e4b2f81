import {
  type Call,
  IOPRIO_CLASS_BE,
  IOPRIO_CLASS_IDLE,
  IOPRIO_CLASS_RT,
  IOPRIO_WHO_PROCESS,
  ioprioSet,
  MPOL_BIND,
  MPOL_DEFAULT,
  MPOL_F_NUMA_BALANCING,
  MPOL_F_RELATIVE_NODES,
  MPOL_F_STATIC_NODES,
  MPOL_INTERLEAVE,
  MPOL_LOCAL,
  MPOL_PREFERRED,
  MPOL_PREFERRED_MANY,
  MPOL_WEIGHTED_INTERLEAVE,
  SCHED_BATCH,
  SCHED_DEADLINE,
  SCHED_FIFO,
  SCHED_FLAG_DL_OVERRUN,
  SCHED_FLAG_KEEP_PARAMS,
  SCHED_FLAG_KEEP_POLICY,
  SCHED_FLAG_RECLAIM,
  SCHED_FLAG_RESET_ON_FORK,
  SCHED_FLAG_UTIL_CLAMP_MAX,
  SCHED_FLAG_UTIL_CLAMP_MIN,
  SCHED_IDLE,
  SCHED_OTHER,
  SCHED_RR,
  schedSetaffinity,
  schedSetattr,
  setMempolicy,
} from 'shared-native';
import { parseCpuset } from 'step-10';
import type { OciMemoryPolicy, Process } from '../config/schema.ts';

const POLICIES = { SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE, SCHED_DEADLINE, SCHED_ISO: -1 };
const SCHED_FLAGS: Readonly<Record<string, number>> = {
  ...{ SCHED_FLAG_RESET_ON_FORK, SCHED_FLAG_RECLAIM, SCHED_FLAG_DL_OVERRUN, SCHED_FLAG_KEEP_POLICY },
  ...{ SCHED_FLAG_KEEP_PARAMS, SCHED_FLAG_UTIL_CLAMP_MIN, SCHED_FLAG_UTIL_CLAMP_MAX },
};
const IO_CLASSES = { IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE };

/** The rules by which a process is given processors and disks. */
export function scheduling({ scheduler, ioPriority }: Process): Call[] {
  const calls: Call[] = [];
  if (scheduler) {
    const { policy, nice = 0, priority = 0, flags = [], runtime = 0, deadline = 0, period = 0 } = scheduler;
    const bits = flags.reduce((sum, flag) => sum | flagNamed(flag), 0);
    const times = { runtime: Number(runtime), deadline: Number(deadline), period: Number(period) };
    calls.push(schedSetattr(0, { policy: POLICIES[policy], flags: bits, nice, priority, ...times }));
  }
  if (ioPriority)
    calls.push(ioprioSet(IOPRIO_WHO_PROCESS, 0, (IO_CLASSES[ioPriority.class] << 13) | (ioPriority.priority ?? 0)));
  return calls;
}

function flagNamed(flag: string): number {
  if (Object.hasOwn(SCHED_FLAGS, flag)) return SCHED_FLAGS[flag] as number;
  throw new Error(`process.scheduler.flags: there is no ${JSON.stringify(flag)}`);
}

/** The processors of a process that comes later: before it is in the container's cgroups, and from then on. */
export function affinity({ execCPUAffinity = {} }: Process): { readonly initial: Call[]; readonly final: Call[] } {
  const on = (when: 'initial' | 'final') => {
    const cpus = parseCpuset(execCPUAffinity[when] ?? '', `process.execCPUAffinity.${when}`);
    return cpus.length === 0 ? [] : [schedSetaffinity(0, cpus)];
  };
  return { initial: on('initial'), final: on('final') };
}

const MEMORY = {
  ...{ MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, MPOL_INTERLEAVE, MPOL_LOCAL, MPOL_PREFERRED_MANY },
  ...{ MPOL_WEIGHTED_INTERLEAVE, MPOL_F_NUMA_BALANCING, MPOL_F_RELATIVE_NODES, MPOL_F_STATIC_NODES },
};

/** The nodes from which its memory comes: runtime-spec, config-linux.md, "Memory policy". */
export function memoryPolicy(policy: OciMemoryPolicy | undefined): Call[] {
  if (!policy) return [];
  const { mode, nodes = '', flags = [] } = policy;
  const bits = flags.reduce((sum, flag) => sum | MEMORY[flag], MEMORY[mode] as number);
  return [setMempolicy(bits, parseCpuset(nodes, 'linux.memoryPolicy.nodes'))];
}
