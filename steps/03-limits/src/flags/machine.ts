import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { oomScoreAdj } from 'shared-native';
import type { Hierarchy } from 'step-02';
import { parseCpuset } from './cpuset.ts';

/** What there is to be limited, as far as it differs from machine to machine. */
export interface Machine {
  /** How many processors run. */
  readonly cpus: number;
  /** Those that a container may be pinned to, such as `0-3`. */
  readonly cpuset: string;
  /** The memory nodes, such as `0`. */
  readonly mems: string;
  /** Bytes of memory. */
  readonly memory: number;
  /** Does the kernel count swap by cgroup? */
  readonly swap: boolean;
  /** What divides a disk's time by weight: the BFQ scheduler, or v2's cost model. */
  readonly weights: 'bfq' | 'cost' | undefined;
  /** Is there a disk on which it does so? */
  readonly weighs: boolean;
  /** The caller's own oom_score_adj. */
  readonly oomScoreAdj: number;
}

/** Looks at this machine. */
export function thisMachine(hierarchies: readonly Hierarchy[]): Machine {
  const root = (controller: string, ...files: string[]) => {
    const mount = hierarchies.find(({ controllers }) => controllers.includes(controller))?.mount;
    return mount === undefined ? undefined : files.map((file) => contents(join(mount, file))).find(Boolean);
  };
  const online = contents('/sys/devices/system/cpu/online') ?? '0';
  const costs = () => root('io', 'io.cost.qos');
  return {
    cpus: parseCpuset(online).length,
    cpuset: root('cpuset', 'cpuset.cpus.effective', 'cpuset.effective_cpus', 'cpuset.cpus') ?? online,
    mems: root('cpuset', 'cpuset.mems.effective', 'cpuset.effective_mems', 'cpuset.mems') ?? '0',
    memory: 1024 * Number(/^MemTotal:\s*(\d+)/m.exec(contents('/proc/meminfo') ?? '')?.[1] ?? 0),
    swap: isV1('memory', hierarchies)
      ? root('memory', 'memory.memsw.limit_in_bytes') !== undefined
      : existsSync('/proc/swaps') && !/\bswapaccount=0\b/.test(contents('/proc/cmdline') ?? ''),
    // Asked only of a container with a weight: there may be many disks.
    get weights() {
      if (schedulers().some((list) => list.includes('bfq'))) return 'bfq';
      return costs() === undefined ? undefined : 'cost';
    },
    get weighs() {
      return schedulers().some((list) => list.includes('[bfq]')) || /enable=1/.test(costs() ?? '');
    },
    oomScoreAdj: oomScoreAdj(),
  };
}

function isV1(controller: string, hierarchies: readonly Hierarchy[]): boolean {
  return hierarchies.some(({ version, controllers }) => version === 1 && controllers.includes(controller));
}

/** The schedulers that each disk can have, and in brackets the one that it has: `[none] mq-deadline bfq`. */
function schedulers(): string[] {
  const disks = existsSync('/sys/block') ? readdirSync('/sys/block') : [];
  return disks.map((disk) => contents(`/sys/block/${disk}/queue/scheduler`) ?? '');
}

function contents(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
