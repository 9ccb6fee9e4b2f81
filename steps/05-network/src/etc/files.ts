import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AT_FDCWD,
  type Call,
  close,
  MS_BIND,
  mount,
  O_CLOEXEC,
  O_CREAT,
  O_NOFOLLOW,
  O_RDONLY,
  openat,
} from 'shared-native';
import { type Deed, mkdirs, newDeed, resolveInside, state } from 'step-04';

/** The files in /etc that every container has for itself. */
export const FILES = ['hosts', 'hostname', 'resolv.conf'] as const;

/** Where the host keeps those of a container. */
export function etcOf(container: string): string {
  return join(state().journals, '.etc', container);
}

// #region three files of its own
/**
 * Shows the container its own files in place of its image's. Where the image has none there is an empty one to mount on, and
 * where it has a link, it's what that leads to inside.
 */
export function mountFiles(rootfs: string, from: string): Call[] {
  const places = FILES.map((name) => [join(from, name), resolveInside(rootfs, `/etc/${name}`)] as const);
  const directories = new Set(places.map(([, place]) => dirname(place)));
  return [...[...directories].flatMap(mkdirs), ...places.flatMap(([file, place]) => mountFile(file, place))];
}

/** @param file - of the host's: a path without its slash leads to it, as long as the host's root is the working directory */
function mountFile(file: string, place: string): Call[] {
  const there = openat(AT_FDCWD, place, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644);
  return [there, close(there), mount(file.slice(1), place, null, MS_BIND)];
}
// #endregion

/** Makes a file of the host's, in a directory that is there. */
export const newFile = newDeed<{ readonly path: string; readonly text: string }>('new-file', {
  asShell: ({ path, text }) => `cat > ${path} <<'EOF'\n${text}EOF`,
  carryOut: ({ path, text }) => writeFileSync(path, text, { mode: 0o644 }),
});

/** Removes a directory of ours with all that is in it. Fine if it's gone. */
export const removeDirectory: (path: string) => Deed = newDeed<string>('remove-directory', {
  asShell: (path) => `rm -rf ${path}`,
  carryOut: (path) => rmSync(path, { recursive: true, force: true }),
});
