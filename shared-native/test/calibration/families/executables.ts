import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  chmod,
  chown,
  close,
  execve,
  execveat,
  MS_BIND,
  MS_NOEXEC,
  MS_NOSUID,
  MS_REMOUNT,
  mount,
  O_CLOEXEC,
  O_CREAT,
  O_PATH,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  openat,
  PR_SET_NO_NEW_PRIVS,
  prctl,
  RLIM_INFINITY,
  RLIMIT_STACK,
  setresuid,
  setrlimit,
  symlink,
  write,
} from '../../../src/index.ts';
import { elf } from '../elf.ts';
import type { Random } from '../random.ts';

const PATHS = [
  '/a/program',
  '/a/program',
  '/b/program',
  '/mnt/program',
  '/private/program',
  '/up/a/program',
  '/link/program',
];
const MODES = [0o755, 0o755, 0o755, 0o4755, 0o2755, 0o644, 0o111, 0o700, 0o010];
const SCRIPTS = [
  '#!/a/program\n',
  '#! /a/program  with  words \n',
  '#!/b/program\n',
  '#!/nowhere\n',
  '#!a/program\n',
  '#!/link/program',
  '#!/a\n',
  '#!\n',
  '#! ',
  '#!/proc/self/exe\n',
  '',
  'text\n',
  '\x7fEL',
];

/** Programs and scripts that are made in the world itself, and executed there. */
export const executables: readonly ((random: Random) => Call[])[] = [
  (random) => program(random),
  (random) => program(random),
  (random) => program(random),
  (random) => [chmod(random.pick(PATHS), random.pick(MODES))],
  (random) => [chown(random.pick(PATHS), random.pick([0, 1000]), random.pick([0, 5]))],
  (random) => covered(random),
  (random) => [symlink('program', random.pick(['/a/also', '/b/also'])), execve('/a/also', ['also'], [])],
  (random) => [execve(anyPath(random), ['x'], [])],
  (random) => byDescriptor(random),
  (random) => [setresuid(1000, 1000, random.pick([0, 1000]))],
  () => [prctl(PR_SET_NO_NEW_PRIVS, 1)],
  (random) => [
    setrlimit(RLIMIT_STACK, { rlim_cur: 2 ** random.pick([16, 19, 20, 23]), rlim_max: RLIM_INFINITY }),
    execve('/a/program', ['x', ...Array<string>(random.pick([1, 3, 5, 9])).fill('y'.repeat(40_000))], []),
  ],
];

const anyPath = (random: Random): string =>
  random.chance(0.7)
    ? random.pick(PATHS)
    : random.pick(['/a', '/a/program/', '/a/program/x', '/dev/null', '/dev/fifo', '/proc/self/status', '']);

function program(random: Random): Call[] {
  const path = random.pick(PATHS);
  const file = openat(AT_FDCWD, path, O_CREAT | O_TRUNC | O_WRONLY, random.pick(MODES));
  const content = random.chance(0.4) ? elf() : Buffer.from(random.pick(SCRIPTS), 'latin1');
  const written = write(file, content);
  return [file, ...(content.length > 0 ? [written] : []), ...(random.chance(0.9) ? [close(file)] : [])];
}

/** The directory of some programs, mounted so that they do less. */
function covered(random: Random): Call[] {
  const path = random.pick(['/a', '/b', '/mnt']);
  const flags = random.pick([MS_NOEXEC, MS_NOSUID, MS_NOEXEC | MS_NOSUID, 0]);
  return [mount(path, path, null, MS_BIND), mount(null, path, null, MS_REMOUNT | MS_BIND | flags)];
}

function byDescriptor(random: Random): Call[] {
  const directory = random.chance(0.3);
  const path = directory ? '/a' : random.pick(PATHS);
  const file = openat(AT_FDCWD, path, random.pick([O_PATH, O_RDONLY, O_PATH | O_CLOEXEC]));
  return [file, execveat(file, directory ? 'program' : '', ['x'], [], random.pick([AT_EMPTY_PATH, AT_EMPTY_PATH, 0]))];
}
