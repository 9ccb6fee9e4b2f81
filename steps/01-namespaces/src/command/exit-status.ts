import { constants } from 'node:os';
import { type Call, type Exit, SyscallError, signalNumber } from 'shared-native';
import { faultOf, isThere, whyNoProgram } from './program-file.ts';

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
 * @param made - the calls that were made
 * @param rootfs - where the container's files are
 */
export function failureMessage(failure: SyscallError, { made }: Pick<Exit, 'made'>, options: Tried): string {
  const { call, code, meaning, message } = failure;
  if (call.name !== 'execve') return message;
  const [file = ''] = options.command;
  const [found] = lookedFor(made).flatMap((path) => whyNoProgram(options.rootfs, path) ?? []);
  const what = `exec: ${JSON.stringify(file)}`;
  if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes(code)) return `${what}: ${code}: ${meaning}`;
  if (file === '' || file.includes('/')) return `${what}: ${code}: ${found ?? meaning}`;
  if (found !== undefined && code === 'ENOENT') return `${what}: ${code}: ${found}`;
  return `${what}: executable file not found in $PATH: ${found ?? "there is no such program in the container's directories"}`;
}

/**
 * The message for a command that an init didn't find or couldn't execute. Undefined if the root holds a program that it
 * could have executed: then the status is the command's own. Also if a path is relative, to a directory not known here.
 *
 * @param programs - the execve calls by which the init searches
 */
export function initFailureMessage(
  status: number | null,
  programs: readonly Call[],
  options: Tried,
): string | undefined {
  const errno = status === NOT_FOUND ? constants.errno.ENOENT : status === CANNOT_EXECUTE ? constants.errno.EACCES : 0;
  const made = programs.map((call) => ({ call, result: -errno }));
  const [last] = programs.slice(-1);
  const paths = lookedFor(made);
  if (errno === 0 || !last || paths.length < programs.length) return undefined;
  if (paths.some((path) => isThere(options.rootfs, path) && !faultOf(options.rootfs, path))) return undefined;
  return failureMessage(new SyscallError(last, -errno), { made }, options);
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
