import type { Command, Option } from 'commander';
import { nameAndValue } from './name-value.ts';

/**
 * Rewrites the words of a command line as commander takes them. docker's flags are read by Go's pflag, and the two differ:
 * a switch takes a value there (`--tty=false`, `-it=false`), and behind a letter comes `=` or not (`-m64m`, `-m=64m`),
 * where commander would take the `=` for a part of the value. So each flag that has a value becomes `--memory=64m`, and a
 * switch is set on the command itself.
 *
 * @param interspersed - may flags come after the first word that is none? Not where that is a command of the container's
 * @param unknown - is called with a flag that the command doesn't have, and throws if it knows what to say of it
 * @throws {Error} for a switch whose value is neither true nor false
 * @see {@link https://pkg.go.dev/github.com/spf13/pflag#section-readme | pflag, "Command line flag syntax"}
 */
export function asCommanderTakesThem(
  command: Command,
  words: readonly string[],
  interspersed: boolean,
  unknown: (flag: string) => void,
): string[] {
  const [written, left]: [string[], string[]] = [[], [...words]];
  while (left.length > 0) {
    const word = left.shift() as string;
    if (word === '--' || (!interspersed && !isFlag(word))) return [...written, word, ...left];
    if (!isFlag(word)) written.push(word);
    else written.push(...(word.startsWith('--') ? long(word) : short(word)));
  }
  return written;

  /** `--memory 64m`, `--memory=64m`, `--tty`, `--tty=false`. */
  function long(word: string): string[] {
    const [flag, value] = nameAndValue(word);
    const option = command.options.find((one) => one.long === flag);
    if (!option) return unknownFlag(flag, word);
    return isSwitch(option) ? set(option, value) : valued(option, value ?? left.shift());
  }

  /** Letters: switches (`-it`), of which the last may be given a value (`-it=false`), and one that takes what is left. */
  function short(word: string): string[] {
    const all: string[] = [];
    for (let rest = word.slice(1); rest !== ''; ) {
      const flag = `-${rest[0]}`;
      const option = command.options.find((one) => one.short === flag);
      if (!option) return [...all, ...unknownFlag(flag, `-${rest}`)];
      const hasValue = rest.length > 2 && rest[1] === '=';
      if (isSwitch(option)) {
        all.push(...set(option, hasValue ? rest.slice(2) : undefined));
        rest = hasValue ? '' : rest.slice(1);
      } else {
        const value = hasValue ? rest.slice(2) : rest.slice(1);
        return [...all, ...valued(option, value === '' ? left.shift() : value)];
      }
    }
    return all;
  }

  function set(option: Option, value = 'true'): string[] {
    const on = asBoolean(value, option.long ?? option.flags);
    command.setOptionValueWithSource(option.attributeName(), on !== option.negate, 'cli');
    return [];
  }

  function unknownFlag(flag: string, word: string): string[] {
    if (flag !== '--help') unknown(flag);
    return [word];
  }
}

/** Has it no value of its own? `--no-stream` sets commander's `stream` to false. */
function isSwitch(option: Option): boolean {
  return option.isBoolean() || option.negate;
}

/** A `-` alone is a word like any other: standard input, mostly. */
function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

/** A flag that lacks its value is left as it is: commander says so. */
function valued({ long, flags }: Option, value: string | undefined): string[] {
  return value === undefined ? [long ?? flags] : [`${long}=${value}`];
}

function asBoolean(text: string, flag: string): boolean {
  const value = parseBool(text);
  if (value !== undefined) return value;
  throw new NotBoolean(flag, text);
}

/** A switch was given a value that says neither yes nor no. */
export class NotBoolean extends Error {
  override readonly name = 'NotBoolean';
  readonly flag: string;
  readonly value: string;

  constructor(flag: string, value: string) {
    super(`Expected ${flag} to be true or false, got ${JSON.stringify(value)}`);
    this.flag = flag;
    this.value = value;
  }
}

/** As Go's strconv.ParseBool; undefined where that is an error. */
export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}
