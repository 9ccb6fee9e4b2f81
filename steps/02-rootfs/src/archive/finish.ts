import { chmodSync, lchownSync, lstatSync, lutimesSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectories } from 'step-01';
import type { Placed, Tree } from './tree.ts';

/**
 * Adds to files and directories what they are still to get: symbolic links beside them, owners (as root), modes, times.
 *
 * @throws if a file isn't as long as its entry
 */
export function finish(root: string, { placed }: Tree): void {
  // What is in a directory comes before it, so that it may lose its w and x, and keeps its time.
  const deepestFirst = [...placed].sort(([one], [other]) => (one < other ? 1 : -1));
  for (const [path, entry] of deepestFirst) if (entry.kind === 'symlink') link(join(root, path), entry);
  const asRoot = process.geteuid?.() === 0;
  for (const [path, entry] of deepestFirst) attribute(join(root, path), entry, asRoot);
}

/** No link is above it: the tree lets nothing that holds an entry become one. */
function link(path: string, { target = '' }: Placed): void {
  makeDirectories(dirname(path), 0o755);
  clear(path);
  symlinkSync(target, path);
}

/** An entry before had the same name. */
function clear(path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) rmdirSync(path);
  else if (there) unlinkSync(path);
}

function attribute(path: string, { kind, size, mode, uid, gid, mtime }: Placed, asRoot: boolean): void {
  if (kind === 'file') assertWhole(path, size ?? 0);
  if (asRoot && isId(uid) && isId(gid)) lchownSync(path, uid, gid);
  // After chown, which takes setuid away.
  if (kind !== 'symlink') chmodSync(path, (mode ?? (kind === 'file' ? 0o644 : 0o755)) & 0o7777);
  if (mtime && Number.isFinite(mtime.getTime())) lutimesSync(path, mtime, mtime);
}

/** A write that finds little space writes as much as fits, and tar doesn't look. */
function assertWhole(path: string, size: number): void {
  const written = lstatSync(path).size;
  if (written === size) return;
  const error = new Error(`only ${written} of ${size} bytes could be written to ${path}`);
  throw Object.assign(error, { code: 'ENOSPC' });
}

function isId(id: number | undefined): id is number {
  return id !== undefined && Number.isInteger(id) && id >= 0 && id < 0xffffffff;
}
