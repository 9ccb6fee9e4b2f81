import {
  AT_FDCWD,
  MS_NOSYMFOLLOW,
  RESOLVE_BENEATH,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
} from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { linkOf } from '../filesystems/proc.ts';
import { placeAbove, topOf } from '../mounts/mounts.ts';
import type { Place, State } from '../state.ts';
import { childOf } from './children.ts';
import { descriptor } from './descriptors.ts';
import { assertMay, MAY_EXEC } from './permission.ts';

/** Most symbolic links on one way (path_resolution(7)). */
const MAXSYMLINKS = 40;

export interface WalkOptions {
  /** Where a relative path starts: a descriptor, or AT_FDCWD. */
  readonly dirfd?: number;
  /** Follow a symbolic link at the end of the path. */
  readonly follow?: boolean;
  /** What is found must be a directory. */
  readonly directory?: boolean;
  /** An empty path is the place of `dirfd` itself (AT_EMPTY_PATH). */
  readonly emptyPath?: boolean;
  /** If something is mounted over what is found: that (as umount2 looks for it). */
  readonly topmost?: boolean;
  /** RESOLVE_* flags of openat2. */
  readonly resolve?: number;
}

/** The place of something that may not be there yet: its directory, and its name in it. */
export interface Target {
  readonly directory: Place;
  readonly name: string;
  /** The last part of the path: a name, or one that stands for a directory that is there. */
  readonly last: 'name' | '.' | '..' | '/';
  readonly trailingSlash: boolean;
}

/**
 * Where a path leads, as path_resolution(7) has it.
 *
 * @throws ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, EBADF; EXDEV with RESOLVE_* flags
 */
export function lookUp(state: State, path: string, options: WalkOptions = {}): Place {
  return new Walk(state, path, options).place();
}

/** The directory of a path's last part, which is not followed and may be missing. */
export function lookUpTarget(state: State, path: string, options: WalkOptions = {}): Target {
  return new Walk(state, path, options).target();
}

/** As lookUpTarget, but a symbolic link at the end is followed: what open with O_CREAT looks for. */
export function lookUpLast(state: State, path: string, options: WalkOptions = {}): Target & { found?: Place } {
  return new Walk(state, path, options).last();
}

/** One walk along a path, as the kernel's namei does it. */
class Walk {
  readonly #state: State;
  readonly #resolve: number;
  readonly #options: WalkOptions;
  readonly #root: Place;
  #at: Place;
  #links = 0;
  /** What is still to be walked, the next part last. */
  readonly #rest: string[];
  #mustBeDirectory: boolean;
  #follow: boolean;

  constructor(state: State, path: string, options: WalkOptions) {
    this.#state = state;
    this.#options = options;
    this.#resolve = options.resolve ?? 0;
    this.#follow = options.follow ?? false;
    this.#mustBeDirectory = options.directory ?? false;
    if (path === '' && !options.emptyPath) fail('ENOENT');
    if (new TextEncoder().encode(path).length >= 4096) fail('ENAMETOOLONG');
    if (path.startsWith('/') && this.#resolve & RESOLVE_BENEATH) fail('EXDEV');
    const scoped = this.#resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT);
    const start = path.startsWith('/') && !scoped ? state.process.root : this.#start(path);
    this.#root = scoped ? start : state.process.root;
    this.#at = path.startsWith('/') ? this.#root : start;
    this.#rest = partsOf(path);
  }

  place(): Place {
    while (this.#rest.length > 0) this.#step();
    if (this.#options.topmost) this.#at = topOf(this.#state, this.#at);
    if (this.#mustBeDirectory && this.#at.inode.type !== 'directory') fail('ENOTDIR');
    return this.#at;
  }

  target(): Target {
    while (this.#rest.length > 1) this.#step();
    const [part = '/'] = this.#rest;
    if (part !== '/') assertMay(this.#state, this.#at.inode, MAY_EXEC);
    const name = part.replace(/\/$/, '');
    const last = name === '.' || name === '..' ? name : name === '' ? '/' : 'name';
    return { directory: this.#at, name, last, trailingSlash: part.length > 1 && part.endsWith('/') };
  }

  last(): Target & { found?: Place } {
    for (;;) {
      const target = this.target();
      if (target.last !== 'name') return { ...target, found: this.place() };
      if (target.trailingSlash) fail('EISDIR');
      const child = childOf(this.#state, this.#at.inode, target.name);
      if (!child) return target;
      const found = this.#crossed({ mount: this.#at.mount, inode: child });
      if (found.inode.type !== 'symlink' || !this.#options.follow) return { ...target, found };
      this.#rest.pop();
      this.#link(found);
      if (this.#rest.length === 0) return { ...target, last: '/', found: this.#at };
    }
  }

  #start(path: string): Place {
    const { dirfd = AT_FDCWD } = this.#options;
    if (dirfd === AT_FDCWD) return this.#state.process.cwd;
    const { place } = descriptor(this.#state, dirfd).file;
    if (path !== '' && place.inode.type !== 'directory') fail('ENOTDIR');
    return place;
  }

  /** Walks the next part: a name, `.` or `..`. The last one of the path keeps its slash. */
  #step(): void {
    const part = this.#rest.pop() as string;
    const isLast = this.#rest.length === 0;
    const name = part.replace(/\/$/, '');
    assertMay(this.#state, this.#at.inode, MAY_EXEC);
    if (isLast && part.endsWith('/') && name !== '.' && name !== '..') {
      this.#follow = true;
      this.#mustBeDirectory = true;
    }
    if (name === '..') this.#up();
    else if (name !== '.') this.#into(name, isLast);
    if (!isLast && this.#rest.length > 0 && this.#at.inode.type !== 'directory') fail('ENOTDIR');
  }

  #into(name: string, isLast: boolean): void {
    if (new TextEncoder().encode(name).length > 255) fail('ENAMETOOLONG');
    const found = childOf(this.#state, this.#at.inode, name) ?? fail('ENOENT');
    const place = this.#crossed({ mount: this.#at.mount, inode: found });
    if (place.inode.type === 'symlink' && (!isLast || this.#follow)) this.#link(place);
    else this.#at = place;
  }

  /** What is mounted there, if something is. */
  #crossed(place: Place): Place {
    const top = topOf(this.#state, place);
    if (top.mount !== place.mount && this.#resolve & RESOLVE_NO_XDEV) fail('EXDEV');
    return top;
  }

  #link({ mount, inode }: Place): void {
    if (this.#links++ >= MAXSYMLINKS || this.#resolve & RESOLVE_NO_SYMLINKS) fail('ELOOP');
    if (mount.flags & MS_NOSYMFOLLOW) fail('ELOOP');
    const link = linkOf(this.#state, inode);
    if (typeof link !== 'string') {
      this.#jump(link);
      return;
    }
    this.#rest.push(...partsOf(link));
    if (!link.startsWith('/')) return;
    if (this.#resolve & RESOLVE_BENEATH) fail('EXDEV');
    if (this.#resolve & RESOLVE_NO_XDEV && this.#root.mount !== this.#at.mount) fail('EXDEV');
    this.#at = this.#root;
  }

  /** A link of /proc leads to a file itself, wherever that is, and to no path. */
  #jump(place: Place): void {
    if (this.#resolve & RESOLVE_NO_MAGICLINKS) fail('ELOOP');
    if (this.#resolve & RESOLVE_NO_XDEV && place.mount !== this.#at.mount) fail('EXDEV');
    if (this.#resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) fail('EXDEV');
    this.#at = place;
  }

  /** `..` stays where it is at the root. */
  #up(): void {
    const above = placeAbove(this.#at, this.#root);
    if (!above && this.#resolve & RESOLVE_BENEATH) fail('EXDEV');
    if (above && above.mount !== this.#at.mount && this.#resolve & RESOLVE_NO_XDEV) fail('EXDEV');
    this.#at = this.#crossed(above ?? this.#at);
  }
}

/** The parts of a path, the first one last; only the path's last part keeps the slash behind it. */
function partsOf(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  if (path.endsWith('/') && parts.length > 0) parts[parts.length - 1] += '/';
  return parts.reverse();
}
