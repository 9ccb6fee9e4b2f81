import { type Call, tolerate } from './call.ts';
import { byteLength } from './calls/arguments.ts';
import { execve } from './calls.ts';

/**
 * The calls that start a program by name, as execvp(3) does: a name with a slash is taken as it is; any other is
 * tried in each directory of the search path, so that the kernel does the searching, inside the container's root.
 * The last two errors of a search that found nothing are for `searchError` to weigh.
 *
 * @param argv - the program's arguments, its own name first
 * @param envp - its environment, as `NAME=value`
 * @param searchPath - directories between colons, as in PATH; an empty one means the working directory
 * @see {@link https://man7.org/linux/man-pages/man3/exec.3.html | execvp(3)}
 */
export function execvp(argv: readonly string[], envp: readonly string[], searchPath: string): Call[] {
  const [file = ''] = argv;
  if (file === '' || file.includes('/')) return [execve(file, argv, envp)];
  return searchPath
    .split(':')
    .map((directory) => `${directory || '.'}/${file}`)
    .filter((path) => byteLength(path) < 4096)
    .map((path) => tolerate(execve(path, argv, envp), 'any'));
}
