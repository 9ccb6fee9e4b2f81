import type { Command } from 'commander';
import type { CommandUsage, Subcommand } from 'step-10';
import { help } from './help.ts';
import { typedAs } from './line.ts';
import { refusal } from './refusal.ts';
import { nameValues } from './values.ts';

/** docker's way to refuse a command line, and to show help. */
export function dockersUsage(commands: readonly Subcommand[]): CommandUsage {
  const namesOf = (command: Command) => {
    const name = typedAs(command).split(' ').slice(1).join(' ');
    const its = commands.find((one) => one.name === name);
    return commands.filter(({ run }) => run === its?.run).map((one) => one.name);
  };
  return { declared: nameValues, help: (command) => help(command, namesOf(command).toSorted()), refusal };
}
