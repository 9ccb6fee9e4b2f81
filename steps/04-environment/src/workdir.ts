import { readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import {
  AT_FDCWD,
  type Call,
  mkdir,
  mkdirat,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat2,
  RESOLVE_NO_SYMLINKS,
  tolerate,
} from 'shared-native';

/** The directory that `-w` means. @throws {Error} unless its path is absolute. */
export function workdir(path: string): string {
  if (path === '') return '/';
  if (path.startsWith('/')) return cleanPath(path);
  throw new Error(`the working directory '${path}' is invalid, it needs to be an absolute path`);
}

/** A path without dots, double slashes and one at its end. */
export function cleanPath(path: string): string {
  return posix.normalize(path).replace(/(.)\/$/, '$1');
}

// #region a directory that is there
/**
 * Where a path of a container's leads, as its image has it: a link may lead to what isn't there yet, which mkdir would take
 * for a directory that exists. Every link is followed inside the root, with nothing above it.
 *
 * @throws {Error} if links lead in a circle
 */
export function resolveInside(rootfs: string, path: string): string {
  let followed = 0;
  const walk = (at: string, [name, ...rest]: readonly string[]): string => {
    if (name === undefined) return at;
    const next = posix.join(at, name); // '..' of '/' is '/'
    const target = linkTarget(posix.join(rootfs, next));
    if (target === undefined) return walk(next, rest);
    followed += 1;
    if (followed > MOST_LINKS) throw new Error(`the path ${path} of the container leads through links in a circle`);
    return walk(target.startsWith('/') ? '/' : at, [...names(target), ...rest]);
  };
  return walk('/', names(path));
}

/**
 * Makes a directory and those above it, where they are missing, and opens each. They belong to root. No link is followed:
 * `resolveInside` has followed those that there were, and one that another container on this root puts there now could lead
 * to the host. One in /proc could (CVE-2024-21626), and so could any with a `..`, as long as the old root lies on top of the
 * new one: at the root, `..` goes up to what is mounted there.
 */
export function mkdirs(path: string): Call[] {
  const all = names(path);
  const opened = all.map((_, index) =>
    openat2(AT_FDCWD, `/${all.slice(0, index + 1).join('/')}`, {
      flags: O_PATH | O_DIRECTORY | O_CLOEXEC,
      resolve: RESOLVE_NO_SYMLINKS,
    }),
  );
  return opened.flatMap((open, index) => {
    const [name = '', above] = [all[index], opened[index - 1]];
    return [tolerate(above ? mkdirat(above, name, 0o755) : mkdir(`/${name}`, 0o755), 'EEXIST'), open];
  });
}
// #endregion

/** As many as the kernel follows: path_resolution(7). */
const MOST_LINKS = 40;

function names(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Where a link leads; undefined if it is none, is missing, or can't be looked at. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
