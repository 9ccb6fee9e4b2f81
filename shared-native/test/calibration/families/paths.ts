import {
  AT_FDCWD,
  AT_REMOVEDIR,
  type Call,
  chdir,
  chroot,
  close,
  closeRange,
  dup3,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  fchdir,
  fcntl,
  flock,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  makedev,
  mkdir,
  mkdirat,
  mknod,
  mknodat,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
  openat,
  openat2,
  pipe2,
  RESOLVE_BENEATH,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
  read,
  rmdir,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFREG,
  S_IFSOCK,
  setresgid,
  setresuid,
  symlink,
  symlinkat,
  umask,
  unlink,
  unlinkat,
  write,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const PATHS = [
  ...[
    '/a',
    '/a/x',
    '/a/f',
    '/b/f',
    '/a/new',
    '/a/new/',
    '/b/x/new',
    '/b/x/p/',
    '/a/x/../f',
    '.',
    '..',
    '/',
    '//',
    './a',
    'x',
    'new',
  ],
  ...[
    '/link',
    '/link/',
    '/link/x',
    '/link/f',
    '/loop',
    '/loop/x',
    '/dangling',
    '/dangling/',
    '/up',
    '/up/a/f',
    '/abs/f',
    '/chain',
    '/chain/',
  ],
  ...[
    '/a/f/',
    '/a/f/x',
    '/private/f',
    '/private',
    '/sticky/f',
    '/sticky/new',
    '/dev/null',
    '/dev/zero',
    '/dev/full',
    '/dev/fifo',
    '/dev/sock',
  ],
  ...[
    '/proc/self/root',
    '/proc/self/cwd',
    '/proc/self/fd/3',
    '/proc/self/root/a/f',
    '/proc/self',
    '/proc/new',
    '/proc/self/new',
    '/a/./x/.',
    '../a',
    '',
  ],
  ...[
    '/proc/self/ns/mnt',
    '/proc/sys/kernel/new',
    '/dev/blk',
    `/${'n'.repeat(256)}`,
    `/a/${'n'.repeat(255)}`,
    '/mnt',
    '/mnt/..',
    '/mnt/new',
    '/mnt/../a/f',
  ],
];
const ACCESS = [O_RDONLY, O_RDONLY, O_WRONLY, O_RDWR, 3];
const EXTRA = [
  0,
  0,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_PATH,
  O_TRUNC,
  O_CREAT,
  O_CREAT | O_EXCL,
  O_NONBLOCK,
  O_APPEND,
  O_NOATIME,
];
const MODES = [0o777, 0o755, 0o644, 0o600, 0, 0o4755, 0o1777, 0o2775];

const anyPath = (random: Random): string => random.pick(PATHS);
const anyMode = (random: Random): number => random.pick(MODES);
const anyDescriptor = (random: Random): number => random.pick([3, 3, 4, 4, 5, 6, 900]);
const anyFrom = (random: Random): number => random.pick([AT_FDCWD, AT_FDCWD, 3, 4, 77]);
/** O_NONBLOCK everywhere: a FIFO would wait for its other end. */
const anyFlags = (random: Random): number => random.pick(ACCESS) | random.pick(EXTRA) | random.pick(EXTRA) | O_NONBLOCK;

/** Paths: walked, made, removed, opened. */
export const paths: readonly ((random: Random) => Call[])[] = [
  (random) => [openat(anyFrom(random), anyPath(random), anyFlags(random), anyMode(random))],
  (random) => [openat(AT_FDCWD, anyPath(random), anyFlags(random), anyMode(random))],
  (random) => [
    openat(
      AT_FDCWD,
      anyPath(random),
      random.pick([O_PATH, O_PATH | O_NOFOLLOW, O_PATH | O_DIRECTORY, O_RDONLY | O_DIRECTORY | O_NONBLOCK]),
    ),
  ],
  (random) => [openat(AT_FDCWD, anyPath(random), O_TMPFILE | random.pick(ACCESS), anyMode(random))],
  (random) => [openat2(anyFrom(random), anyPath(random), how(random))],
  (random) => [openat2(random.pick([3, AT_FDCWD]), anyPath(random), { flags: O_PATH, resolve: resolution(random) })],
  (random) => [mkdir(anyPath(random), anyMode(random))],
  (random) => [mkdirat(anyFrom(random), anyPath(random), anyMode(random))],
  (random) => [rmdir(anyPath(random))],
  (random) => [unlink(anyPath(random))],
  (random) => [unlinkat(anyFrom(random), anyPath(random), random.pick([0, AT_REMOVEDIR, 1]))],
  (random) => [symlink(random.pick(['a', '/a/f', '..', '', '/loop', 'x/../f', '/b/']), anyPath(random))],
  (random) => [symlinkat(random.pick(['a', 'f']), anyFrom(random), anyPath(random))],
  (random) => [
    mknod(anyPath(random), anyType(random) | anyMode(random), random.pick([0, makedev(1, 3), makedev(1, 5)])),
  ],
  (random) => [mknodat(anyFrom(random), anyPath(random), anyType(random) | anyMode(random), makedev(1, 3))],
  (random) => [chdir(anyPath(random))],
  (random) => [fchdir(anyDescriptor(random))],
  (random) => [chroot(anyPath(random))],
  (random) => [umask(random.pick([0, 0o22, 0o77]))],
  (random) => [write(anyDescriptor(random), random.pick(['text', '', 'more text']))],
  (random) => [read(anyDescriptor(random), new Uint8Array(random.pick([0, 1, 3, 20])))],
  (random) => kept(random),
];

function anyType(random: Random): number {
  return random.pick([0, S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFDIR, 0o150000]);
}

function resolution(random: Random): number {
  const flags = [
    0,
    RESOLVE_NO_XDEV,
    RESOLVE_NO_MAGICLINKS,
    RESOLVE_NO_SYMLINKS,
    RESOLVE_BENEATH,
    RESOLVE_IN_ROOT,
    RESOLVE_IN_ROOT,
  ];
  return random.pick(flags) | (random.chance(0.2) ? random.pick(flags) : 0);
}

function how(random: Random) {
  const flags = anyFlags(random);
  const makes = (flags & O_CREAT) !== 0 && (flags & O_PATH) === 0;
  return { flags, mode: makes || random.chance(0.05) ? anyMode(random) : 0, resolve: resolution(random) };
}

/** A directory that is open, and what is then done from there. */
function kept(random: Random): Call[] {
  const directory = openat(AT_FDCWD, random.pick(['/a', '/b/x', '/link', '/', '/mnt']), O_PATH | O_DIRECTORY);
  const path = random.pick(['f', 'x', '../f', '..', 'new', '/a/f', '']);
  const then = random.pick([
    [openat(directory, path, O_PATH)],
    [mkdirat(directory, path)],
    [unlinkat(directory, path, AT_REMOVEDIR)],
    [fchdir(directory), chdir('..')],
    [openat2(directory, path, { flags: O_PATH, resolve: resolution(random) })],
    [rmdir('/b/x/p'), fchdir(directory), mkdir('p/q'), chdir('p')],
  ]);
  return [directory, ...then];
}

/** A user who isn't root looks at the same files. */
export const users: readonly ((random: Random) => Call[])[] = [
  (random) => [setresgid(-1, random.pick([0, 1000, 5]), -1), setresuid(-1, random.pick([0, 1000, 1001]), -1)],
];

/** Descriptors. */
export const descriptors: readonly ((random: Random) => Call[])[] = [
  (random) => [
    openat(
      AT_FDCWD,
      random.pick(['/a/f', '/dev/null', '/a', '/b/f']),
      random.pick([O_RDONLY, O_PATH, O_RDWR, O_RDONLY | O_CLOEXEC]) | O_NONBLOCK,
    ),
  ],
  (random) => [dup3(anyDescriptor(random), random.pick([3, 5, 8, 77]), random.pick([0, O_CLOEXEC, 1]))],
  (random) => [close(anyDescriptor(random))],
  (random) => [closeRange(random.pick([3, 4, 5, 9]), random.pick([3, 6, 900, 2]), random.pick([0, 4, 4, 2, 1]))],
  (random) => [fcntl(anyDescriptor(random), F_SETFD, random.pick([0, FD_CLOEXEC]))],
  (random) => [fcntl(anyDescriptor(random), F_GETFD)],
  (random) => [fcntl(anyDescriptor(random), F_GETFL)],
  (random) => [fcntl(anyDescriptor(random), F_SETFL, random.pick([0, O_APPEND, O_NONBLOCK, O_NOATIME]))],
  (random) => [
    fcntl(anyDescriptor(random), random.pick([F_DUPFD, F_DUPFD_CLOEXEC]), random.pick([0, 3, 10, 2_000_000])),
  ],
  (random) => [pipe2(new Uint8Array(8), random.pick([O_NONBLOCK, O_CLOEXEC | O_NONBLOCK, 1]))],
  (random) => [flock(anyDescriptor(random), random.pick([LOCK_SH, LOCK_EX, LOCK_UN]) | LOCK_NB)],
  (random) => [flock(anyDescriptor(random), random.pick([0, 3, 16]))],
  (random) => [write(anyDescriptor(random), random.pick(['text', 'x', '']))],
  (random) => [read(anyDescriptor(random), new Uint8Array(random.pick([1, 3, 20])))],
];
