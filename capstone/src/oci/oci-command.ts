import type { Command } from 'commander';
import type { Log } from './log.ts';

/** What every command is told: the flags before its name. */
export interface Global {
  readonly root: string;
  readonly log: Log;
}

/** A command of the runtime, under runc's name. */
export interface OciCommand {
  /** Its arguments, as commander writes them. */
  readonly usage: string;
  readonly description: string;
  /** The status when it fails, where that isn't 1. */
  readonly failure?: number;
  options?(command: Command): Command;
  // biome-ignore lint/suspicious/noExplicitAny: what the flags are, only `options` of one command knows
  run(positionals: readonly string[], flags: any, global: Global): Promise<number> | number;
}
