import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  AT_SYMLINK_NOFOLLOW,
  type Call,
  chdir,
  chroot,
  close,
  fchdir,
  fsconfigCreate,
  fsconfigReconfigure,
  fsconfigSetFlag,
  fsconfigSetString,
  fsmount,
  fsopen,
  fspick,
  MNT_DETACH,
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NODIRATIME,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_STRICTATIME,
  MS_UNBINDABLE,
  mount,
  mountSetattr,
  moveMount,
  O_DIRECTORY,
  O_PATH,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat,
  openTree,
  pivotRoot,
  UMOUNT_NOFOLLOW,
  umount2,
} from '../../../src/index.ts';
import type { Random } from '../random.ts';

const DIRECTORIES = ['/a', '/b', '/c', '/a/x', '/a/y', '/b/x', '/c/x', '/a/x/p', '/b/x/p', '/link', '/', '.', '..'];
const PLACES = [...DIRECTORIES, '/a/f', '/b/f', '/proc', '/dev', '/sys', '/nowhere', '/a/f/', '/proc/sys', '/dev/null'];
const PROPAGATION = [MS_PRIVATE, MS_SHARED, MS_SHARED, MS_SLAVE, MS_UNBINDABLE];
const FLAGS = [
  0,
  0,
  MS_RDONLY,
  MS_NOSUID | MS_NODEV,
  MS_NOEXEC,
  MS_NOATIME,
  MS_NODIRATIME,
  MS_STRICTATIME,
  MS_RELATIME,
];
const ATTRIBUTES = [
  0,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOATIME,
  1 << 9,
];
const DESCRIPTORS = [3, 4, 5, AT_FDCWD];

export const anyDirectory = (random: Random): string => random.pick(DIRECTORIES);
export const anyPlace = (random: Random): string => random.pick(random.chance(0.7) ? DIRECTORIES : PLACES);
const anyFlags = (random: Random): number => random.pick(FLAGS) | (random.chance(0.2) ? random.pick(FLAGS) : 0);
const recursive = (random: Random): number => (random.chance(0.5) ? MS_REC : 0);

/** mount(2), umount2(2), pivot_root(2), chroot(2). */
export const mounts: readonly ((random: Random) => Call[])[] = [
  (random) => [mount(anyPlace(random), anyPlace(random), null, MS_BIND | recursive(random))],
  (random) => [mount(anyDirectory(random), anyDirectory(random), null, MS_BIND | recursive(random))],
  (random) => [mount(anyPlace(random), anyPlace(random), null, MS_BIND | anyFlags(random))],
  (random) => self(anyDirectory(random), recursive(random)),
  (random) => [
    mount(
      'tmpfs',
      anyPlace(random),
      'tmpfs',
      anyFlags(random),
      random.pick([null, 'mode=711', 'size=64k', 'mode=9', 'none', 'ro', 'uid=1']),
    ),
  ],
  (random) => filled(random),
  (random) => filled(random),
  (random) => [mount(null, anyPlace(random), null, random.pick(PROPAGATION) | recursive(random))],
  (random) => [mount(null, anyDirectory(random), null, random.pick(PROPAGATION) | recursive(random))],
  (random) => [
    mount(null, anyDirectory(random), null, random.pick(PROPAGATION) | random.pick(PROPAGATION) | recursive(random)),
  ],
  (random) => shared(random),
  (random) => shared(random),
  (random) => [mount(null, anyDirectory(random), null, MS_REMOUNT | MS_BIND | anyFlags(random))],
  (random) => [
    mount(
      null,
      anyPlace(random),
      null,
      MS_REMOUNT | anyFlags(random),
      random.pick([null, null, 'ro', 'mode=700', 'nonsense']),
    ),
  ],
  (random) => [mount(anyPlace(random), anyPlace(random), null, MS_MOVE)],
  (random) => [mount(anyDirectory(random), anyDirectory(random), null, MS_MOVE)],
  (random) => [
    mount('proc', anyPlace(random), 'proc', anyFlags(random), random.pick([null, null, 'hidepid=2', 'bad=1'])),
  ],
  (random) => [mount('sysfs', anyDirectory(random), 'sysfs', anyFlags(random))],
  (random) => [
    mount('devpts', anyDirectory(random), 'devpts', 0, random.pick([null, 'newinstance,ptmxmode=666', 'gid=5', 'x'])),
  ],
  (random) => [
    mount(
      random.pick(['x', null, '']),
      anyDirectory(random),
      random.pick(['mqueue', 'ramfs', 'nosuchfs', null, '']),
      0,
    ),
  ],
  (random) => [umount2(anyPlace(random), random.pick([0, 0, MNT_DETACH, MNT_DETACH, UMOUNT_NOFOLLOW, 32]))],
  (random) => [umount2(anyDirectory(random), random.pick([0, MNT_DETACH]))],
  (random) => [pivotRoot(anyDirectory(random), anyDirectory(random))],
  (random) => pivoted(random),
  (random) => [chroot(anyPlace(random))],
  (random) => [chdir(anyPlace(random))],
];

function self(path: string, flags: number): Call[] {
  return [mount(path, path, null, MS_BIND | flags)];
}

function filled(random: Random): Call[] {
  const at = anyDirectory(random);
  return [mount(random.pick(['tmpfs', 'none']), at, 'tmpfs', anyFlags(random)), ...below(at, random)];
}

function below(at: string, random: Random): Call[] {
  return random.chance(0.5) ? [mount('t', `${at}/.`, 'tmpfs')] : [];
}

function shared(random: Random): Call[] {
  const at = anyDirectory(random);
  const to = anyDirectory(random);
  const bound = [
    mount(at, at, null, MS_BIND),
    mount(null, at, null, MS_SHARED),
    mount(at, to, null, MS_BIND | recursive(random)),
  ];
  const slave = random.chance(0.4) ? [mount(null, to, null, MS_SLAVE)] : [];
  const again = random.chance(0.3) ? [mount(null, to, null, MS_SHARED)] : [];
  return [...bound, ...slave, ...again, mount('t', `${at}/${random.pick(['x', 'y', 'x/p'])}`, 'tmpfs')];
}

function pivoted(random: Random): Call[] {
  const at = random.pick(['/a', '/b', '/c']);
  const old = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY);
  const into = [mount(at, at, null, MS_BIND | MS_REC), old, chdir(at), pivotRoot('.', random.pick(['.', '.', 'x']))];
  const back = random.chance(0.5) ? [fchdir(old)] : [];
  const gone = random.chance(0.7) ? [umount2(random.pick(['.', '/x']), MNT_DETACH)] : [];
  return [...into, ...back, ...gone, ...(random.chance(0.5) ? [chdir('/')] : [])];
}

const anyDescriptor = (random: Random): number => random.pick(DESCRIPTORS);

/** Mounts as descriptors. */
export const mountTrees: readonly ((random: Random) => Call[])[] = [
  (random) => [openTree(AT_FDCWD, anyPlace(random), anyTreeFlags(random))],
  (random) => taken(random),
  (random) => taken(random),
  (random) => [
    moveMount(
      anyDescriptor(random),
      random.pick(['', '', 'x', '.']),
      AT_FDCWD,
      anyPlace(random),
      random.pick([0, MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_F_EMPTY_PATH, 0x800]),
    ),
  ],
  (random) => [
    moveMount(
      AT_FDCWD,
      anyDirectory(random),
      anyDescriptor(random),
      random.pick(['', '/b']),
      random.pick([MOVE_MOUNT_T_EMPTY_PATH, 0]),
    ),
  ],
  (random) => [
    mountSetattr(
      AT_FDCWD,
      anyPlace(random),
      random.pick([0, AT_RECURSIVE, AT_SYMLINK_NOFOLLOW, 4]),
      attributes(random),
    ),
  ],
  (random) => [
    mountSetattr(
      anyDescriptor(random),
      random.pick(['', '.', 'x']),
      random.pick([AT_EMPTY_PATH, AT_EMPTY_PATH | AT_RECURSIVE, 0]),
      attributes(random),
    ),
  ],
  (random) => made(random),
  (random) => made(random),
  (random) => picked(random),
  (random) => [close(random.pick([3, 4, 5]))],
  (random) => [openat(AT_FDCWD, anyPlace(random), O_PATH)],
];

function anyTreeFlags(random: Random): number {
  return random.pick([
    0,
    OPEN_TREE_CLONE,
    OPEN_TREE_CLONE | AT_RECURSIVE,
    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC,
    AT_RECURSIVE,
    AT_SYMLINK_NOFOLLOW,
    0x8,
  ]);
}

function attributes(random: Random) {
  const atime = random.chance(0.5) ? MOUNT_ATTR__ATIME : 0;
  return {
    attr_set: random.pick(ATTRIBUTES) | random.pick(ATTRIBUTES),
    attr_clr: random.pick([0, random.pick(ATTRIBUTES) & ~MOUNT_ATTR_NOATIME]) | atime,
    propagation: random.pick([0, 0, 0, ...PROPAGATION, 3]),
  };
}

function taken(random: Random): Call[] {
  const from = anyDirectory(random);
  const tree = openTree(AT_FDCWD, from, OPEN_TREE_CLONE | (random.chance(0.5) ? AT_RECURSIVE : 0));
  const change = random.chance(0.3) ? [mountSetattr(tree, '', AT_EMPTY_PATH, attributes(random))] : [];
  const attach = moveMount(tree, '', AT_FDCWD, anyPlace(random), MOVE_MOUNT_F_EMPTY_PATH);
  return [tree, ...change, ...(random.chance(0.8) ? [attach] : []), ...(random.chance(0.5) ? [close(tree)] : [])];
}

function made(random: Random): Call[] {
  const context = fsopen(random.pick(['tmpfs', 'tmpfs', 'proc', 'nosuchfs', 'devpts']), random.pick([0, 1, 0, 2]));
  const option = random.pick([
    [fsconfigSetString(context, 'size', '64k')],
    [fsconfigSetString(context, 'source', 'mine')],
    [fsconfigSetFlag(context, 'ro')],
    [fsconfigSetFlag(context, 'size')],
    [fsconfigSetString(context, 'nonsense', '1')],
    [],
  ]);
  const create = random.chance(0.9) ? [fsconfigCreate(context)] : [];
  // Not 2: kernels of 7.x know it, here and in open_tree (FSMOUNT_NAMESPACE, OPEN_TREE_NAMESPACE).
  const mounted = fsmount(context, random.pick([0, 1, 0, 0x100]), random.pick(ATTRIBUTES) | random.pick(ATTRIBUTES));
  const attach = moveMount(mounted, '', AT_FDCWD, anyPlace(random), MOVE_MOUNT_F_EMPTY_PATH);
  const again = random.chance(0.2) ? [fsmount(context, 0, 0)] : [];
  return [context, ...option, ...create, mounted, attach, ...again];
}

function picked(random: Random): Call[] {
  const context = fspick(AT_FDCWD, anyPlace(random), random.pick([0, 0, 1, 2, 32]));
  const option = random.pick([[fsconfigSetFlag(context, 'ro')], [fsconfigSetFlag(context, 'rw')], []]);
  return [context, ...option, fsconfigReconfigure(context)];
}
