import type { Command } from 'commander';
import type { Plan } from '../engine/plan.ts';
import { findInit, withInit } from '../init.ts';
import type { Options } from '../options.ts';
import { integer } from './numbers.ts';
import type { Step } from './step.ts';
import { signalNamed } from './stop-signal.ts';

/** The flags of `run` that are not about the container. `plan` takes them, too, so that its line is run's. */
export interface RunFlags {
  readonly explain?: boolean;
  /** Is its first process to be an init, and the command that one's child? */
  readonly init?: boolean;
  /** Seconds from SIGTERM to SIGKILL; Infinity is never. */
  readonly stopTimeout: number;
  /** What the container gets for a SIGTERM: SIGTERM unless given. */
  readonly stopSignal?: number;
  /** Are signals passed on? */
  readonly sigProxy: boolean;
}

/** Adds a step's flags to a command, and those that are not about the container. */
export function runOptions<O extends Options>(step: Step<O>, command: Command): Command {
  return step
    .options(command)
    .optionsGroup('This command:')
    .option('--explain', 'print each call as it is made, its result, and what it does')
    .option('--init', 'run an init as PID 1, which passes signals on and reaps orphans')
    .option('--rm', 'remove the container at its end, as is always done here')
    .option('--sig-proxy', 'pass signals on (--sig-proxy=false: one that ends a process kills the container)', true)
    .option('--stop-signal <signal>', 'the signal that the container gets for SIGTERM (default: SIGTERM)', signalNamed)
    .option('--stop-timeout <seconds>', 'from SIGTERM to SIGKILL; -1 is never', seconds, 10);
}

/** The container that a command line means. */
export function planFor<O extends Options>(step: Step<O>, options: O, { init }: Pick<RunFlags, 'init'>): Plan {
  const plan = step.plan(options);
  return init ? withInit(plan, findInit()) : plan;
}

function seconds(text: string): number {
  const wanted = '--stop-timeout to be a number of seconds, or -1 for no end';
  const number = /^\d+\.\d+$/.test(text) ? Number(text) : integer(text, wanted);
  return number < 0 ? Infinity : number;
}
