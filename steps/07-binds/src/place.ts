import {
  AT_FDCWD,
  type Call,
  close,
  type Fd,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  mkdirat,
  mknodat,
  moveMount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat,
  openat2,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  S_IFREG,
  tolerate,
} from 'shared-native';

/** A directory goes on a directory; anything else, a socket or a device, on a file. */
export type PlaceKind = 'directory' | 'file';

/** The container's root, for a program that no longer sees any other. */
export function openRoot(): Call {
  return openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
}

// #region a place in the root
/**
 * Opens a place to mount on (O_PATH, close-on-exec), and makes the missing parts of it: directories with mode 755, and at
 * the end a directory or an empty file with mode 755. Existing parts stay as they are.
 *
 * The root is an image's, and another container that uses it may change it at any moment. Whatever links exist, or appear
 * between two of these calls, nothing outside the root is made or opened. Links within the root are followed; links in /proc,
 * which may lead anywhere, aren't. Nothing is mounted on top of the root (see plan.ts).
 *
 * @param root - the descriptor of the root, or the call that opens it
 * @param path - absolute, as seen in the root; without `.` and `..`
 * @returns the calls; the last one opens the place, and all other descriptors are closed
 */
export function placeAt(root: Fd, path: string, kind: PlaceKind): Call[] {
  // #region task 4: a place in the root
  const names = path.split('/').filter((name) => name !== '');
  const calls: Call[] = [];
  let above: Fd = root;
  for (const [index, name] of names.entries()) {
    const isFile = kind === 'file' && index === names.length - 1;
    const make = isFile ? mknodat(above, name, S_IFREG | 0o755) : mkdirat(above, name, 0o755);
    const flags = O_PATH | O_CLOEXEC | (isFile ? 0 : O_DIRECTORY);
    const resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const here = openat2(root, names.slice(0, index + 1).join('/'), { flags, resolve });
    calls.push(tolerate(make, 'EEXIST'), ...(above === root ? [] : [close(above)]), here);
    above = here;
  }
  return calls;
  // #endregion
}
// #endregion

/** Attaches a tree to a place, both by descriptor, and closes them. */
export function attach(tree: Fd, place: Fd): Call[] {
  const both = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  return [moveMount(tree, '', place, '', both), close(place), close(tree)];
}
