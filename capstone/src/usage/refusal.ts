import { type Command, CommanderError, Option } from 'commander';
import { Misuse, NotBoolean } from 'step-10';
import { typedAs, usageLine } from './line.ts';
import { whyNoCommand } from './no-command.ts';
import { badSwitch } from './values.ts';

/** docker's exit status for flags that it can't read; for arguments and commands it is 1. */
const BAD_FLAG = 125;

/**
 * What docker says of a command line that it can't take, and its exit status.
 *
 * @param words - the command line, as it was typed
 */
export function refusal(error: Error, command: Command, words: readonly string[]): { message: string; status: number } {
  const more = `Run '${typedAs(command)} --help' for more information`;
  const usage = `Usage:  ${usageLine(command)}\n\n`;
  const code = error instanceof CommanderError ? error.code : undefined;
  if (code === 'commander.unknownCommand') {
    const name = `${typedAs(command)} ${lastQuoted(error.message)}`;
    return {
      message: `unknown command: ${name}${whyNoCommand(name)}\n\n${command.parent ? usage : ''}${more}`,
      status: 1,
    };
  }
  if (code === 'commander.missingArgument' || code === 'commander.excessArguments') {
    const end = hasMost(command) ? more : more.replace(/^Run/, 'See');
    return { message: `'${typedAs(command)}' ${accepted(command)}\n\n${usage}${end}`, status: 1 };
  }
  if (error instanceof Misuse) return { message: `${error.message}\n\n${more}`, status: error.status };
  return {
    message: `${error instanceof NotBoolean ? badSwitch(command, error.flag, error.value) : flagFault(error, code, words)}\n\n${usage}${more}`,
    status: BAD_FLAG,
  };
}

function flagFault({ message }: Error, code: string | undefined, words: readonly string[]): string {
  if (code === 'commander.unknownOption') {
    const [, flag = ''] = /'([^'=]*)/.exec(message) ?? [];
    return flag.startsWith('--') ? `unknown flag: ${flag}` : `unknown shorthand flag: '${flag[1]}' in ${flag}`;
  }
  if (code !== 'commander.optionMissingArgument') return message.replace(/^error: /, '');
  const last = words.at(-1) ?? ''; // behind which its value is missing
  if (/^-[^-]/.test(last)) return `flag needs an argument: '${last.at(-1)}' in ${last}`;
  const [, flags = ''] = /'([^']*)'/.exec(message) ?? [];
  return `flag needs an argument: ${new Option(flags).long}`;
}

/** How many arguments a command takes, in words. */
function accepted(command: Command): string {
  const all = command.registeredArguments;
  const required = all.filter((one) => one.required).length;
  const least = hasMost(command) ? required : Math.max(1, required); // "start" has a flag that stands for them
  if (!hasMost(command)) return `requires at least ${least} ${argument(least)}`;
  if (all.length === 0) return 'accepts no arguments';
  if (least === all.length) return `requires ${least} ${argument(least)}`;
  if (least === 0) return `requires at most ${all.length} ${argument(all.length)}`;
  return `requires at least ${least} and at most ${all.length} ${argument(all.length)}`;
}

/** docker's `import` passes over what comes after its two. */
function hasMost(command: Command): boolean {
  const { registeredArguments } = command;
  return command.name() !== 'import' && !registeredArguments.some(({ variadic }) => variadic);
}

function argument(number: number): string {
  return number === 1 ? 'argument' : 'arguments';
}

function lastQuoted(message: string): string {
  return (/'([^']*)'/.exec(message)?.[1] ?? '').split(' ').at(-1) ?? '';
}
