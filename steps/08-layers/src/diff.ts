import { closeSync, lstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import { O_CLOEXEC, O_NOFOLLOW, O_PATH } from 'shared-native';
import { attributesOf } from './unpack/attributes.ts';
import { join, type Upper } from './upper.ts';

/** What a container did to a file: `A` added it, `C` changed it, or something in it, `D` deleted it. */
export interface Change {
  readonly kind: 'A' | 'C' | 'D';
  /** From the root, with a slash before it. Names are bytes. */
  readonly path: Buffer;
}

/** The runtime's mount points. If it had to make one, that isn't one of the container's changes. */
const PLACES = ['dev', 'proc', 'sys', 'tmp', 'etc/hosts', 'etc/hostname', 'etc/resolv.conf'];

/** The changes that an upper directory amounts to, as `docker diff` lists them: each directory before its contents. */
export function changes(upper: Upper, lower: string, top: string): Change[] {
  return below(upper, lowerOf(lower, upper.path)?.isDirectory() ?? false, { lower, top });
}

interface Where {
  readonly lower: string;
  readonly top: string;
}

// #region what an upper directory says
/** @param before - did the lower directories have a directory here? */
function below(directory: Upper, before: boolean, where: Where): Change[] {
  const own = directory.children.flatMap((child) => change(child, before, where));
  const hidden = before && directory.opaque ? covered(directory, where) : [];
  return hidden.length === 0 ? own : [...own, ...hidden].sort((one, other) => Buffer.compare(one.path, other.path));
}

function change(file: Upper, hadDirectory: boolean, where: Where): Change[] {
  const before = hadDirectory ? lowerOf(where.lower, file.path) : undefined;
  const is = (kind: Change['kind']): Change => ({ kind, path: Buffer.concat([SLASH, file.path]) });
  if (file.whiteout) return before ? [is('D')] : [];
  if (!before && isPlace(file)) return [];
  const inside = file.stat.isDirectory() ? below(file, before?.isDirectory() ?? false, where) : [];
  if (!before) return [is('A'), ...inside];
  return inside.length > 0 || differs(file, before, where) ? [is('C'), ...inside] : [];
}
// #endregion

/** What an opaque directory covers, one name after another. */
function covered({ path, children }: Upper, { lower }: Where): Change[] {
  const own = new Set(children.map((child) => child.path.toString('latin1')));
  return readdirSync(join(Buffer.from(lower), path), { encoding: 'buffer' })
    .map((name) => join(path, name))
    .filter((one) => !own.has(one.toString('latin1')))
    .map((one) => ({ kind: 'D', path: Buffer.concat([SLASH, one]) }));
}

/** Does it differ from the lower one? A directory's time and size don't count: its files say it already. */
function differs({ path, stat }: Upper, before: Stats, { lower, top }: Where): boolean {
  const same = (['mode', 'uid', 'gid', 'rdev'] as const).every((field) => stat[field] === before[field]);
  if (!same) return true;
  if (stat.isDirectory()) return false;
  if (stat.size !== before.size || stat.mtimeMs !== before.mtimeMs) return true;
  return capability(top, path) !== capability(lower, path);
}

function capability(root: string, path: Buffer): string | undefined {
  const file = openSync(join(Buffer.from(root), path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  try {
    return attributesOf(file).get('security.capability')?.toString('hex');
  } finally {
    closeSync(file);
  }
}

/** Is it empty, and only there to be mounted on? */
export function isPlace({ path, stat, children }: Upper): boolean {
  if (!PLACES.includes(path.toString())) return false;
  return stat.isDirectory() ? children.length === 0 : stat.isFile() && stat.size === 0;
}

/** The file that the lower directories show at a path. */
export function lowerOf(lower: string, path: Buffer): Stats | undefined {
  try {
    return lstatSync(join(Buffer.from(lower), path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const SLASH = Buffer.from('/');
