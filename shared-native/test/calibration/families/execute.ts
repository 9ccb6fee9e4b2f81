import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  type Call,
  execve,
  execveat,
  O_CLOEXEC,
  O_PATH,
  O_RDONLY,
  openat,
  RLIM_INFINITY,
  RLIMIT_STACK,
  setrlimit,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

/** What the program writes of itself, so that it can be compared. */
const ARGUMENTS = ['cat', '/proc/self/status', '/proc/self/limits', '/proc/self/stat'];

/** The last calls of a program: it becomes one of these. */
export function execution(random: Random, paths: readonly string[]): Call[] {
  const path = random.chance(0.05) ? random.pick(['/nowhere', '/etc', '/etc/passwd/x', '']) : random.pick(paths);
  const large = setrlimit(RLIMIT_STACK, { rlim_cur: RLIM_INFINITY, rlim_max: RLIM_INFINITY });
  return [...(random.chance(0.2) ? [large] : []), ...calls(random, path)];
}

function calls(random: Random, path: string): Call[] {
  if (random.chance(0.7)) return [execve(path, ARGUMENTS, [])];
  if (random.chance(0.5)) return [execveat(AT_FDCWD, path, ARGUMENTS, [], random.pick([0, AT_SYMLINK_NOFOLLOW]))];
  const file = openat(AT_FDCWD, path, random.pick([O_PATH, O_RDONLY, O_PATH | O_CLOEXEC]));
  return [file, execveat(file, '', ARGUMENTS, [], random.pick([AT_EMPTY_PATH, AT_EMPTY_PATH, 0]))];
}
