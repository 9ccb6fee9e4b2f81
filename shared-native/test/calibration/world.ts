import {
  AT_FDCWD,
  type Call,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUTS,
  chdir,
  chmod,
  chown,
  close,
  MNT_DETACH,
  MS_PRIVATE,
  MS_REC,
  makedev,
  mkdir,
  mknod,
  mount,
  O_CREAT,
  O_WRONLY,
  openat,
  pivotRoot,
  S_IFCHR,
  S_IFIFO,
  S_IFSOCK,
  symlink,
  umask,
  umount2,
  write,
} from '../../src/index.ts';
import { ROOTLESS, type Scene, TOP } from './scenes.ts';

/** Also what sysfs and mqueue belong to, and the hostname: otherwise a program would change the machine's own. */
const OWN = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;

/** A small world of its own: the root of its mount namespace is a tmpfs, with a /proc, a /dev and a few files. */
export const WORLD: Scene = {
  name: 'world',
  clone: OWN,
  before: () => world(devices()),
  tree: true,
  places: true,
};

/** The same in a user namespace, where some mounts are locked and no devices can be made. */
export const ROOTLESS_WORLD: Scene = {
  ...WORLD,
  ...ROOTLESS,
  clone: ROOTLESS.clone | OWN,
  name: 'rootless world',
  before: () => world([]),
  tree: true,
};

function devices(): Call[] {
  const node = (name: string, type: number, major: number, minor: number) =>
    mknod(`${TOP}/dev/${name}`, type | 0o666, makedev(major, minor));
  return [
    node('null', S_IFCHR, 1, 3),
    node('zero', S_IFCHR, 1, 5),
    node('full', S_IFCHR, 1, 7),
    mknod(`${TOP}/dev/sock`, S_IFSOCK | 0o666),
  ];
}

function world(devices: readonly Call[]): Call[] {
  const directories = [
    'proc',
    'sys',
    'dev',
    'mnt',
    'a',
    'a/x',
    'a/x/p',
    'a/y',
    'b',
    'b/x',
    'b/x/p',
    'c',
    'c/x',
    'private',
  ];
  const links = { link: 'a', loop: 'loop', dangling: 'nowhere', up: '..', abs: '/a/', chain: 'link/x' };
  return [
    mount('none', '/', null, MS_REC | MS_PRIVATE),
    mount('tmpfs', TOP, 'tmpfs', 0, 'mode=755'),
    umask(0),
    ...directories.map((name) => mkdir(`${TOP}/${name}`, 0o755)),
    mkdir(`${TOP}/sticky`, 0o1777),
    mount('proc', `${TOP}/proc`, 'proc'),
    mount('tmpfs', `${TOP}/mnt`, 'tmpfs'),
    ...devices,
    mknod(`${TOP}/dev/fifo`, S_IFIFO | 0o666),
    ...Object.entries(links).map(([name, to]) => symlink(to, `${TOP}/${name}`)),
    ...['a/f', 'b/f', 'private/f', 'sticky/f'].flatMap((name) => file(`${TOP}/${name}`)),
    chmod(`${TOP}/private`, 0o700),
    chown(`${TOP}/sticky/f`, 1001, 5),
    chdir(TOP),
    pivotRoot('.', '.'),
    umount2('.', MNT_DETACH),
    chdir('/'),
    umask(0o22),
  ];
}

/** Makes a file. */
export function file(path: string, text = 'content'): Call[] {
  const made = openat(AT_FDCWD, path, O_CREAT | O_WRONLY, 0o644);
  return [made, write(made, text), close(made)];
}
