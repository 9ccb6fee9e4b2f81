import type { Command } from 'commander';
import * as previous from 'step-02';
import { integer } from 'step-02';
import { type CgroupNamespace, cgroupNamespace } from './cgroups-inside.ts';
import { check } from './flags/check.ts';
import { deviceOptions, type LimitFlags, limitOptions, limitsOf } from './flags/limit-flags.ts';
import { type Machine, thisMachine } from './flags/machine.ts';
import type { Limits } from './limits.ts';
import { addUlimit, type Ulimit } from './ulimits.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** What it may use. How many processes it may have is `pidsLimit`, since step 1. */
  readonly limits: Limits;
  readonly ulimits: readonly Ulimit[];
  /** How soon the kernel is to kill it when the machine runs out of memory, -1000 (never) to 1000 (first). */
  readonly oomScoreAdj: number | undefined;
  /** Print at the end what it used? */
  readonly stats: boolean;
  readonly machine: Machine;
  /** Whose cgroups it sees. */
  readonly cgroupNamespace: CgroupNamespace;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags &
  LimitFlags & { ulimit?: Ulimit[]; oomScoreAdj?: number; stats?: boolean; cgroupns?: CgroupNamespace };

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return deviceOptions(limitOptions(previous.options(command).optionsGroup('Step 03, limits:')))
    .option('--ulimit <type=soft[:hard]>', 'a limit of each process, such as nofile=512:1024', addUlimit)
    .option(
      '--oom-score-adj <number>',
      'how likely it is to be killed when memory runs out: -1000 (never) to 1000 (first)',
      oomScoreAdj,
    )
    .option('--cgroupns <whose>', 'the cgroups that it sees: private (its own; default) or host', cgroupNamespace)
    .option('--stats', 'print at the end what it used');
}

/** The options that the flags and arguments of a command line mean. @throws {Error} if this machine can't enforce the limits */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const container = previous.read(flags, positionals);
  const machine = thisMachine(container.hierarchies);
  const { pids = container.pidsLimit, ...limits } = limitsOf(flags);
  check({ ...limits, pids }, machine);
  return {
    ...container,
    pidsLimit: pids,
    limits: withSwap(limits, machine),
    ulimits: flags.ulimit ?? [],
    oomScoreAdj: flags.oomScoreAdj,
    stats: flags.stats ?? false,
    machine,
    cgroupNamespace: flags.cgroupns ?? 'private',
  };
}

/** Memory without a word about swap: as much swap again, if swap can be limited. So docker has it. */
export function withSwap(limits: Limits, { swap }: Machine): Limits {
  const { memory, memorySwap } = limits;
  if (memory === undefined || memorySwap !== undefined || !swap) return limits;
  return { ...limits, memorySwap: 2 * memory < 2 ** 63 ? 2 * memory : -1 };
}

function oomScoreAdj(text: string): number {
  return integer(text, '--oom-score-adj to be a number from -1000 to 1000', -1000n, 1000n);
}
