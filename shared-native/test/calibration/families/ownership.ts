import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  type Call,
  chmod,
  chown,
  close,
  fchmodat,
  fchownat,
  mkdir,
  O_CREAT,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  openat,
  umask,
  unlink,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';
import { anyIdOrNone } from './ids.ts';

const PATHS = [
  '/plain',
  '/mine',
  '/suid',
  '/sgid',
  '/lock',
  '/shared',
  '/group',
  '/link',
  '/lost',
  '/new',
  '/group/new',
  '/private/x',
  '.',
];
const MODES = [0, 0o644, 0o755, 0o4755, 0o2755, 0o2644, 0o6777, 0o1777];
const anyPath = (random: Random): string => random.pick(PATHS);

/** Calls of ownership.ts, and what makes files to own. */
export const ownership: readonly ((random: Random) => Call[])[] = [
  (random) => [chown(anyPath(random), anyIdOrNone(random), anyIdOrNone(random))],
  (random) => [chown(anyPath(random), anyIdOrNone(random), anyIdOrNone(random))],
  (random) => [chmod(anyPath(random), random.pick(MODES))],
  (random) => [fchmodat(AT_FDCWD, anyPath(random), random.pick(MODES))],
  (random) => [
    fchownat(
      AT_FDCWD,
      anyPath(random),
      anyIdOrNone(random),
      anyIdOrNone(random),
      random.pick([0, AT_SYMLINK_NOFOLLOW, 1]),
    ),
  ],
  (random) => held(random),
  (random) => [umask(random.pick([0, 0o22, 0o77])), mkdir(random.pick(['/new', '/group/new']), random.pick(MODES))],
  (random) => {
    const made = openat(
      AT_FDCWD,
      random.pick(['/new', '/group/new', '/shared/new']),
      O_CREAT | O_RDWR,
      random.pick(MODES),
    );
    return [made, close(made)];
  },
  (random) => [unlink(random.pick(['/new', '/mine', '/shared/new', '/group/new']))],
];

function held(random: Random): Call[] {
  const file = openat(AT_FDCWD, anyPath(random), random.pick([O_RDONLY, O_PATH, O_RDWR]));
  return [file, fchownat(file, '', anyIdOrNone(random), anyIdOrNone(random), random.pick([AT_EMPTY_PATH, 0]))];
}
