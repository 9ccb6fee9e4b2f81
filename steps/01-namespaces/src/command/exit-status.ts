import { constants } from 'node:os';
import { type Exit, errnoText, SyscallError, signalNumber } from 'shared-native';
import type { Plan } from '../engine/plan.ts';
import { commandOf } from '../init.ts';
import { faultOf, isDirectory, isThere, whyNoProgram } from './program-file.ts';

/** The runtime's own failure, as docker has it: nothing was run. */
export const RUNTIME_FAILED = 125;
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

/** The exit status of `run`, as `docker run` has it: the command's own, or 128+n where signal n killed it. */
export function exitStatus({ status, signal, failure }: Exit): number {
  if (failure) return failureStatus(failure);
  return status ?? 128 + (signal ? signalNumber(signal) : 0);
}

/** The exit status where output could not be written: nobody reads it any more, its terminal has hung up, or a disk is full. */
export function lostStatus({ code }: NodeJS.ErrnoException): number {
  if (code === 'EPIPE') return 128 + signalNumber('SIGPIPE'); // as a program that SIGPIPE ends, which Node ignores
  return code === 'EIO' ? 128 + signalNumber('SIGHUP') : RUNTIME_FAILED;
}

/**
 * The message for a container that failed before it became the user's command. What it says about files was looked up.
 *
 * @param exit - with the calls that were made
 * @param options - its command, and where the container's files are
 */
export function failureMessage(failure: SyscallError, exit: Pick<Exit, 'made'>, options: Tried): string {
  return whyNoCommand(failure, exit, options).message;
}

/** The same, and the part of it that docker says. */
export function whyNoCommand(
  { call, code, meaning, message }: SyscallError,
  { made }: Pick<Exit, 'made'>,
  { command: [file = ''], rootfs }: Tried,
): { readonly said: string; readonly message: string } {
  if (call.name !== 'execve') return { said: message, message };
  const [found] = lookedFor(made).flatMap((path) => whyNoProgram(rootfs, path) ?? []);
  const known = lookPathSays(file, code, found !== undefined, rootfs);
  const said = `exec: ${JSON.stringify(file)}${known === undefined ? '' : `: ${known}`}`;
  const why =
    known === NOT_IN_PATH
      ? (found ?? "there is no such program in the container's directories")
      : `${code}: ${found ?? meaning}`;
  return { said, message: `${said}: ${why}` };
}

const NOT_IN_PATH = 'executable file not found in $PATH';

/** Why there is no such program, in the words of Go's exec.LookPath: by them people, and programs, know it from docker. */
function lookPathSays(file: string, code: string, found: boolean, rootfs: string): string | undefined {
  if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes(code)) return undefined;
  if (found && code === 'ENOENT') return undefined; // it is there, and what it names to run it isn't
  if (!file.includes('/')) return NOT_IN_PATH;
  if (code === 'EACCES') return isDirectory(rootfs, file) ? 'is a directory: permission denied' : 'permission denied';
  return `stat ${file}: ${errnoText(code)}`;
}

/** The calls that should have started the user's command, and the last one's failure. */
type NotRun = Pick<Exit, 'made'> & { readonly failure: SyscallError };

/**
 * What execve would have answered for a command that an init didn't find or couldn't execute, judged by the files in the
 * root. Undefined if the init could execute it (the status is then the command's own), and where that isn't known: a path
 * may be relative, or lead to something that was mounted in the root.
 *
 * @param status - the init's: tini's is 126 or 127 then, catatonit's is 1
 * @param plan - the container's without the init
 */
export function initFailure(status: number | null, plan: Plan, { rootfs }: Tried): NotRun | undefined {
  const made = commandOf(plan).map((call) => ({ call, result: -constants.errno.ENOENT }));
  const paths = lookedFor(made);
  const [last] = made.slice(-1);
  if (![1, CANNOT_EXECUTE, NOT_FOUND].includes(status ?? 0) || !last || paths.length < made.length) return undefined;
  if ([...plan.program.setup, ...plan.program.inside].some(({ name }) => name === 'move_mount')) return undefined;
  const faults = paths.filter((path) => isThere(rootfs, path)).map((path) => faultOf(rootfs, path));
  if (faults.includes(undefined)) return undefined;
  return { failure: new SyscallError(last.call, -constants.errno[faults[0]?.code ?? 'ENOENT']), made };
}

/** What was to be run, and in which root. */
type Tried = { readonly command: readonly string[]; readonly rootfs: string };

/** The paths that were tried, but for relative ones: they begin at a directory that isn't known here. */
function lookedFor(made: Exit['made']): string[] {
  const paths = made.map(({ call }) => (call.name === 'execve' ? call.args.pathname : undefined));
  return paths.flatMap((path) => (path?.kind === 'string' && path.value.startsWith('/') ? [path.value] : []));
}

// EACCES of a bare name: docker, too, passes over a file that it can't execute, and then has found none.
function failureStatus({ call, code }: SyscallError): number {
  if (call.name !== 'execve') return RUNTIME_FAILED;
  const notFound = call.tolerates === 'any' ? ['ENOENT', 'ENOTDIR', 'EACCES'] : ['ENOENT', 'ENOTDIR'];
  return notFound.includes(code) ? NOT_FOUND : CANNOT_EXECUTE;
}
