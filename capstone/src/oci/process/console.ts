import {
  AT_EMPTY_PATH,
  type Call,
  close,
  dup3,
  fchownat,
  ioctl,
  O_CLOEXEC,
  O_NOCTTY,
  O_RDWR,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat2,
  openTree,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  TIOCGPTPEER,
  TIOCSCTTY,
  TIOCSPTLCK,
  TIOCSWINSZ,
  tolerate,
} from 'shared-native';
import { attach, bytesOf, placeAt, type Terminal } from 'step-10';
import type { Process } from '../config/schema.ts';

const OPEN = O_RDWR | O_NOCTTY | O_CLOEXEC;

// #region a terminal in somebody's /dev
/**
 * A terminal of the container's devpts. Neither its path nor that of /dev/console is followed anywhere: the other end is opened
 * by the first, and what is mounted on /dev/console is that open file (CVE-2025-52565).
 *
 * @param isNew - is there no /dev/console yet?
 */
export function consoleIn(root: Call, { user = {}, consoleSize }: Process, isNew: boolean): Terminal {
  const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const master = openat2(root, 'dev/pts/ptmx', { flags: OPEN, resolve });
  const slave = ioctl(master, TIOCGPTPEER, OPEN);
  const tree = openTree(slave, '', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
  const place = placeAt(root, '/dev/console', 'file');
  const size = consoleSize && bytesOf({ rows: Number(consoleSize.height), columns: Number(consoleSize.width) });
  return {
    master,
    open: [
      master,
      ioctl(master, TIOCSPTLCK, new Uint8Array(4)),
      slave,
      ...(size ? [ioctl(slave, TIOCSWINSZ, size)] : []),
      tolerate(fchownat(slave, '', user.uid ?? 0, -1, AT_EMPTY_PATH), 'any'),
      ...(isNew ? [...place, tree, ...attach(tree, place.at(-1) as Call)] : []),
      close(master), // the host has a copy by now
    ],
    stdio: [ioctl(slave, TIOCSCTTY, 0), dup3(slave, 0), dup3(slave, 1), dup3(slave, 2), close(slave)],
  };
}
// #endregion
