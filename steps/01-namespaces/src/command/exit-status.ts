import { type Exit, type SyscallError, signalNumber } from 'shared-native';

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

/** What to tell of a program that failed short of the user's command. */
export function failureMessage(failure: SyscallError, command: readonly string[]): string {
  if (failure.call.name !== 'execve') return failure.message;
  const name = JSON.stringify(command[0] ?? '');
  if (isSearch(command) && failureStatus(failure) === NOT_FOUND) {
    return `exec: ${name}: executable file not found in $PATH: there is no such program in the container's directories`;
  }
  return `exec: ${name}: ${failure.code}: ${failure.meaning}`;

  function isSearch([file = '']: readonly string[]): boolean {
    return file !== '' && !file.includes('/');
  }
}

// EACCES of a bare name: docker, too, passes over a file that it can't execute, and then has found none.
function failureStatus({ call, code }: SyscallError): number {
  if (call.name !== 'execve') return RUNTIME_FAILED;
  const notFound = call.tolerates === 'any' ? ['ENOENT', 'ENOTDIR', 'EACCES'] : ['ENOENT', 'ENOTDIR'];
  return notFound.includes(code) ? NOT_FOUND : CANNOT_EXECUTE;
}
