import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { asSpoiled, makeDirectories } from 'step-07';

/** A file's text, or undefined if there is none. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw asSpoiled(path, error as Error, 'remove it');
  }
}

/** Writes a new file, to the disk. */
export function writeThrough(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx', flush: true });
}

/** Gives a file another place as well, unless there is one. */
export function linkOnce(from: string, to: string): void {
  makeDirectories(dirname(to), 0o755);
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Moves a directory to its place, unless somebody else was faster with the same. */
export function moveOnce(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** Writes to the disk what a directory lists: without it, a power cut may undo a rename. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
