import type { Command } from 'commander';
import type { Plan } from '../engine/plan.ts';
import type { Options } from '../options.ts';

/** A step as its command sees it: what `main` needs to know to be the command of any step. */
export interface Step<O extends Options = Options> {
  /** The package's name, `step-01`. */
  readonly name: string;
  /** What it teaches, in a few words. */
  readonly title: string;
  /** The arguments of `run` and `plan` after the flags, as commander writes them, and what they are. */
  readonly positionals: readonly [name: string, description: string];
  /** Adds its flags, and those of the steps before, to a command. */
  readonly options: (command: Command) => Command;
  // biome-ignore lint/suspicious/noExplicitAny: what the flags are, only `options` and `read` of one step know
  readonly read: (flags: any, positionals: readonly string[]) => O;
  readonly plan: (options: O) => Plan;
  /** A few command lines that show the new thing happening, each with a sentence before it. */
  readonly demo: readonly Showing[];
}

/** One command line of a demo: arguments of `run`. */
export interface Showing {
  readonly says: string;
  readonly run: readonly string[];
}
