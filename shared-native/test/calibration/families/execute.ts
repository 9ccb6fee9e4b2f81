import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  type Call,
  execve,
  execveat,
  RLIM_INFINITY,
  RLIMIT_STACK,
  setrlimit,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

/** What the program writes of itself, so that it can be compared. */
const ARGUMENTS = ['cat', '/proc/self/status', '/proc/self/limits', '/proc/self/stat'];

/** The last call of a program: it becomes one of these. */
export function execution(random: Random, paths: readonly string[]): Call[] {
  const path = random.chance(0.05) ? random.pick(['/nowhere', '/etc', '/etc/passwd/x', '']) : random.pick(paths);
  const large = setrlimit(RLIMIT_STACK, { rlim_cur: RLIM_INFINITY, rlim_max: RLIM_INFINITY });
  const call = random.chance(0.8)
    ? execve(path, ARGUMENTS, [])
    : execveat(AT_FDCWD, path, ARGUMENTS, [], random.pick([0, AT_SYMLINK_NOFOLLOW]));
  return random.chance(0.2) ? [large, call] : [call];
}
