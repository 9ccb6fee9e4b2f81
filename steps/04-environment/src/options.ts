import type { Command } from 'commander';
import * as previous from 'step-03';
import { callersSize, type WindowSize } from './attach/window-size.ts';
import { variable } from './env.ts';
import { readEnvFile } from './env-file.ts';
import { pipes } from './pipes.ts';
import { workdir } from './workdir.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** `NAME=value` sets a variable, `NAME` leaves it out; of several, the last counts. */
  readonly env: readonly string[];
  /** Where the command begins: an absolute path in the container. */
  readonly workdir: string;
  /** `user`, `uid`, `user:group`, `uid:gid`; empty for root. */
  readonly user: string;
  /** Groups that it is to have besides, by name or number. */
  readonly groupAdd: readonly string[];
  /** Does it get the caller's standard input? Otherwise /dev/null. */
  readonly interactive: boolean;
  /** Which of standard input, output and error are pipes: the caller's, or those in place of the caller's terminal. */
  readonly pipes: readonly number[];
  /** The size of its own terminal, if it is to have one. */
  readonly tty: WindowSize | undefined;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & {
  env?: string[];
  envFile?: string[];
  workdir?: string;
  user?: string;
  groupAdd?: string[];
  entrypoint?: string;
  interactive?: boolean;
  tty?: boolean;
};

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous
    .options(command)
    .optionsGroup('Step 04, environment:')
    .option('-e, --env <name=value>', "a variable; NAME alone takes the caller's value", each(variable))
    .option('--env-file <file>', 'variables from a file, one per line', each(String))
    .option('-w, --workdir <directory>', 'the working directory (default: /); made if missing', workdir)
    .option('-u, --user <user[:group]>', "who it runs as, by the container's names or by numbers (default: root)")
    .option('--group-add <group>', 'an additional group that it belongs to', each(String))
    .option('--entrypoint <program>', 'a program to run with the command as its arguments')
    .option('-i, --interactive', 'pass standard input on (otherwise it is /dev/null)')
    .option('-t, --tty', 'give it a terminal');
}

/** The options that the flags and arguments of a command line mean. */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const { env = [], envFile = [], groupAdd = [], user = '', entrypoint = '' } = flags;
  const before = previous.read(flags, positionals);
  const variables = [...envFile.flatMap((file) => readEnvFile(file)), ...env];
  previous.assertUtf8Variables(
    Object.keys(process.env).filter((name) => variables.includes(`${name}=${process.env[name]}`)),
  );
  return {
    ...before,
    command: entrypoint === '' ? before.command : [entrypoint, ...positionals.slice(1)],
    env: variables,
    workdir: flags.workdir ?? '/',
    user,
    groupAdd,
    interactive: flags.interactive ?? false,
    pipes: flags.tty ? [] : pipes().filter((pipe) => pipe !== 0 || flags.interactive),
    tty: flags.tty ? callersSize() : undefined,
  };
}

/** For a flag that may be given more than once: each value, in order. */
export function each<T>(parse: (text: string) => T) {
  return (text: string, before: readonly T[] = []) => [...before, parse(text)];
}
