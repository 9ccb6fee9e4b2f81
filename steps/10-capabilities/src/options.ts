import type { Command } from 'commander';
import * as previous from 'step-09';

/** What a container is to be like. */
export interface Options extends previous.Options {}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & {};

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous.options(command);
}

/** The options that the flags and arguments of a command line mean. */
export function read(flags: Flags, positionals: readonly string[]): Options {
  return previous.read(flags, positionals);
}
