import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those it is in, each unless it is there: mkdir -p. Not by a recursive mkdir of
 * Node, which never returns where the kernel lets nothing be made, as in /proc.
 */
export function makeDirectories(path: string, mode = 0o777, tries = 20): void {
  if (!existsSync(dirname(path))) makeDirectories(dirname(path), mode, tries);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && isDirectory(path)) return; // not a file, nor a link to nothing
    // Somebody else may remove the empty parent just after this has made it, or this one: then once more.
    if ((code !== 'ENOENT' && code !== 'EEXIST') || tries === 0) throw error;
    makeDirectories(path, mode, tries - 1);
  }
}

/** Makes a directory that a container sees: its mode doesn't depend on the caller's umask. */
export function makeDirectory(path: string, mode: number): void {
  mkdirSync(path, mode);
  chmodSync(path, mode);
}

/** A directory and those it is in, the highest first, the root not among them: what mkdir -p makes. */
export function directoriesTo(path: string): string[] {
  return path === '/' || path === '.' ? [] : [...directoriesTo(dirname(path)), path];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
