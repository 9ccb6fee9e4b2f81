import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AT_FDCWD,
  type Call,
  close,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  moveMount,
  O_CLOEXEC,
  O_CREAT,
  O_RDONLY,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openat2,
  openTree,
  RESOLVE_NO_SYMLINKS,
} from 'shared-native';
import { type Deed, mkdirs, newDeed, type Program, resolveInside, state } from 'step-04';

/** The files in /etc that every container has for itself. */
export const FILES = ['hosts', 'hostname', 'resolv.conf'] as const;

/** Where the host keeps those of a container. */
export function etcOf(container: string): string {
  return join(state().journals, '.etc', container);
}

// #region three files of its own
/**
 * Shows the container its own files in place of the image's. The process opens them while it sees the host's files, and
 * mounts them when it sees the container's. If the image lacks one, an empty file is made to mount on.
 *
 * @param from - the host's directory that they are in
 */
export function mountFiles(rootfs: string, from: string): Pick<Program, 'setup' | 'inside'> {
  const files = FILES.map((name) => ({
    name,
    held: openTree(AT_FDCWD, join(from, name), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC),
  }));
  const places = files.map(({ name, held }) => ({ held, place: resolveInside(rootfs, `/etc/${name}`) }));
  const directories = new Set(places.map(({ place }) => dirname(place)));
  return {
    setup: files.map(({ held }) => held),
    inside: [...[...directories].flatMap(mkdirs), ...places.flatMap(({ held, place }) => mountOn(place, held))],
  };
}

/** The path has already been resolved, in the image. A link on it now was put there since, and isn't followed. */
function mountOn(place: string, held: Call): Call[] {
  const how = { flags: O_RDONLY | O_CREAT | O_CLOEXEC, mode: 0o644, resolve: RESOLVE_NO_SYMLINKS };
  const there = openat2(AT_FDCWD, place, how);
  return [there, moveMount(held, '', there, '', MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), close(there)];
}
// #endregion

/** Makes a file of the host's, in a directory that is there. */
export const newFile = newDeed<{ readonly path: string; readonly text: string }>('new-file', {
  asShell: ({ path, text }) => `cat > ${path} <<'EOF'\n${text}EOF`,
  carryOut({ path, text }) {
    writeFileSync(path, text);
    chmodSync(path, 0o644); // whatever the caller's umask is: the container's users read it
  },
});

/** Removes one of our directories and everything in it. Does nothing if it's gone. */
export const removeDirectory: (path: string) => Deed = newDeed<string>('remove-directory', {
  asShell: (path) => `rm -rf ${path}`,
  carryOut: (path) => rmSync(path, { recursive: true, force: true }),
});
