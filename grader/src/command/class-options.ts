import type { Command } from 'commander';

export interface BookOptions {
  readonly roster?: readonly string[];
  readonly class?: string;
  readonly column?: string;
  readonly why?: string;
  readonly anonymous?: string;
  readonly now?: string;
}

export interface ClassOptions extends BookOptions {
  readonly all?: string;
  readonly out?: string;
  readonly jobs?: number;
  readonly shard?: string;
  readonly seconds?: number;
  readonly seed?: string;
  readonly from?: readonly string[];
}

/** Adds the options by which results become marks. */
export function withBook(command: Command): Command {
  return command
    .option('--roster <file...>', "with a class: who is in it, as the platform's CSV files say")
    .option('--class <file>', 'with a class: its rules, in a class.yml')
    .option('--column <name>', "the column of the platform's gradebook")
    .option('--why <text>', 'why it is graded again, for the history')
    .option('--anonymous <folder>', 'pages without names, too; key.csv beside the grades explains them')
    .option('--now <time>', 'the time by which deadlines have passed (default: now)');
}

export interface AlikeOptions {
  readonly earlier?: readonly string[];
  readonly least: number;
  readonly jplag?: string;
}
