import {
  AT_FDCWD,
  type Call,
  chown,
  close,
  fsconfigCreate,
  fsconfigSetString,
  fsmount,
  fsopen,
  MOVE_MOUNT_F_EMPTY_PATH,
  makedev,
  mkdir,
  mknod,
  moveMount,
  S_IFCHR,
  S_IFIFO,
  symlink,
} from '../../src/index.ts';
import type { Scene } from './scenes.ts';
import { file, WORLD } from './world.ts';

/** The world with directories that an overlay can be made of: /l0 to /l2, /u and /w. */
export const LAYERS: Scene = { ...WORLD, name: 'layers', before: () => [...WORLD.before(), ...layers()] };

/** The same with the overlay at /m. */
export const MOUNTED_LAYERS: Scene = {
  ...LAYERS,
  name: 'mounted layers',
  before: () => [...LAYERS.before(), ...mounted()],
};

function layers(): Call[] {
  const whiteout = (path: string) => mknod(path, S_IFCHR, makedev(0, 0));
  return [
    ...['/l0', '/l1', '/l2', '/u', '/w', '/m'].map((path) => mkdir(path, 0o755)),
    ...['/l2/d', '/l2/d/e', '/l2/gone', '/l1/d', '/l0/d', '/l0/new', '/l2/f2d', '/u/made'].map((path) =>
      mkdir(path, 0o755),
    ),
    ...file('/l2/f', 'lowest'),
    ...file('/l2/g', 'only in the lowest'),
    ...file('/l2/d/x', 'x'),
    ...file('/l2/d/e/y', 'y'),
    ...file('/l2/gone/z', 'z'),
    ...file('/l1/f', 'in the middle'),
    ...file('/l1/d/w', 'w'),
    ...file('/l0/d/own', 'own'),
    ...file('/l0/f2d', 'a file over a directory'),
    ...file('/u/d2', 'upper'),
    ...file('/u/made/here', 'here'),
    chown('/l2/g', 1001, 5),
    chown('/l2/d', 1002, 5),
    symlink('d', '/l1/link'),
    mknod('/l2/fifo', S_IFIFO | 0o666),
    mknod('/l2/null', S_IFCHR | 0o666, makedev(1, 3)),
    whiteout('/l1/gone'),
    whiteout('/l0/d/x'),
  ];
}

function mounted(): Call[] {
  const context = fsopen('overlay');
  const mount = fsmount(context);
  return [
    context,
    ...['/l0', '/l1', '/l2'].map((path) => fsconfigSetString(context, 'lowerdir+', path)),
    fsconfigSetString(context, 'upperdir', '/u'),
    fsconfigSetString(context, 'workdir', '/w'),
    fsconfigCreate(context),
    mount,
    moveMount(mount, '', AT_FDCWD, '/m', MOVE_MOUNT_F_EMPTY_PATH),
    close(mount),
    close(context),
  ];
}
