import {
  AT_FDCWD,
  AT_REMOVEDIR,
  type Call,
  chmod,
  chown,
  close,
  fsconfigCreate,
  fsconfigSetFd,
  fsconfigSetFlag,
  fsconfigSetString,
  fsmount,
  fsopen,
  MOVE_MOUNT_F_EMPTY_PATH,
  makedev,
  mkdir,
  mknod,
  mount,
  moveMount,
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  openat,
  read,
  rmdir,
  S_IFCHR,
  S_IFIFO,
  symlink,
  unlink,
  unlinkat,
  write,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const NAMES = [
  'f',
  'g',
  'd',
  'd/x',
  'd/e',
  'd/e/y',
  'd/w',
  'd/own',
  'gone',
  'gone/z',
  'new',
  'f2d',
  'f2d/in',
  'd2',
  'made',
  'made/here',
  'link',
  'link/x',
  'fifo',
  'null',
  'fresh',
  'd/fresh',
  'fresh/more',
  '',
  '../m/f',
];
const LAYERS = ['/l0', '/l1', '/l2'];
const PLACES = [...LAYERS, '/u', '/w', '/l2/d', '/nowhere', '/l2/f', '/a', 'l1', ''];
/** None of them in a lower one: parts of such an overlay can't be looked at. */
const OWN = [...LAYERS, '/u', '/w', '/made', '/nowhere', '/u/d2', '/a', 'l1', ''];

const path = (random: Random): string => `/m/${random.pick(NAMES)}`;

/** What is done to files of an overlay: what lower directories have is copied up, and covered. */
export const overlayFiles: readonly ((random: Random) => Call[])[] = [
  (random) => [unlink(path(random))],
  (random) => [unlink(path(random))],
  (random) => [rmdir(path(random))],
  (random) => [unlinkat(AT_FDCWD, path(random), random.pick([0, AT_REMOVEDIR]))],
  (random) => emptied(random.pick(['/m/d/e', '/m/gone', '/m/made', '/m/f2d'])),
  (random) => [mkdir(path(random), random.pick([0o755, 0o700, 0o2755]))],
  (random) => [mkdir(path(random), 0o755)],
  (random) => [symlink('target', path(random))],
  (random) => [
    mknod(path(random), random.pick([S_IFIFO | 0o644, S_IFCHR | 0o600, 0o640]), random.pick([0, makedev(1, 5)])),
  ],
  (random) => [chmod(path(random), random.pick([0o600, 0o4755, 0o755]))],
  (random) => [chown(path(random), random.pick([0, 1001, -1]), random.pick([5, -1]))],
  (random) => written(path(random), random.pick([O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC, O_WRONLY | O_APPEND])),
  (random) => written(path(random), O_WRONLY | O_CREAT | random.pick([0, O_TRUNC, O_EXCL])),
  (random) => opened(path(random), random.pick([O_RDONLY, O_RDONLY | O_TRUNC, O_PATH])),
];

function emptied(directory: string): Call[] {
  return [
    ...['y', 'z', 'here', 'in'].map((name) => unlink(`${directory}/${name}`)),
    rmdir(directory),
    mkdir(directory, 0o755),
  ];
}

function written(file: string, flags: number): Call[] {
  const made = openat(AT_FDCWD, file, flags, 0o644);
  return [made, write(made, 'written'), close(made)];
}

function opened(file: string, flags: number): Call[] {
  const made = openat(AT_FDCWD, file, flags);
  return [made, read(made, new Uint8Array(64)), close(made)];
}

/** Overlays made of anything, rightly and wrongly. */
export const overlayMounts: readonly ((random: Random) => Call[])[] = [
  (random) => made(random),
  (random) => made(random),
  (random) => {
    const data = random.pick([
      'lowerdir=/l0:/l1,upperdir=/u,workdir=/w',
      'lowerdir=/l1:/l2',
      'lowerdir=/l1',
      'lowerdir=/l1,upperdir=/u',
      'lowerdir=/l1,upperdir=/u,workdir=/u/made',
      'upperdir=/u,workdir=/w',
      'lowerdir=/nowhere:/l2',
      'lowerdir=/l2/f:/l2',
      'lowerdir=/l1:/l1',
      'lowerdir=/l2:/l2/d',
      'lowerdir=/l1:,upperdir=/u,workdir=/w',
    ]);
    return [mount('overlay', random.pick(['/m', '/m', '/c']), 'overlay', 0, data)];
  },
];

function made(random: Random): Call[] {
  const context = fsopen('overlay');
  const wanted = fsmount(context);
  const set = (key: string, value: string) => fsconfigSetString(context, key, value);
  const lowers = Array.from({ length: random.below(4) }, () =>
    set('lowerdir+', random.pick(random.chance(0.8) ? LAYERS : PLACES)),
  );
  const own = random.chance(0.7)
    ? [
        set('upperdir', random.chance(0.8) ? '/u' : random.pick(OWN)),
        set('workdir', random.chance(0.8) ? '/w' : random.pick(OWN)),
      ]
    : [];
  const odd = [
    () => set('redirect_dir', random.pick(['off', 'on', 'maybe'])),
    () => set('index', random.pick(['off', 'yes'])),
    () => set('size', '64k'),
    () => set('lowerdir+', `/l0${'/.'.repeat(126)}${random.pick(['', '/'])}`), // 255 bytes, or one more
    () => fsconfigSetFlag(context, random.pick(['ro', 'userxattr', 'nonsense'])),
    () => fsconfigSetFd(context, random.pick(['lowerdir+', 'upperdir', 'size']), random.pick([0, 3, 77])),
    () => set('workdir', '/w'),
  ];
  const more = random.chance(0.3) ? [random.pick(odd)()] : [];
  return [
    context,
    ...lowers,
    ...own,
    ...more,
    fsconfigCreate(context),
    wanted,
    moveMount(wanted, '', AT_FDCWD, '/m', MOVE_MOUNT_F_EMPTY_PATH),
  ];
}
