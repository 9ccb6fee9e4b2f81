import { chmodSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectories } from '../engine/make-directories.ts';
import { type Contents, fill } from './contents.ts';
import { layOut } from './layout.ts';
import { systemPath } from './programs.ts';

export interface MakeOptions {
  /** The directories to look for programs in, best first: the system's own, then those of `$PATH`, unless given. */
  readonly path?: readonly string[];
  /** False leaves busybox aside, also where there is one. */
  readonly busybox?: boolean;
}

/** A root filesystem that was made. */
export interface MadeRootfs extends Contents {
  /** The sizes of all its files together, in bytes. */
  readonly bytes: number;
}

/**
 * Makes a root filesystem in a new or empty directory, from busybox if this machine has one, else from its shell and
 * core utilities with the libraries they need. All files belong to the user who makes it, and none is setuid.
 *
 * @throws if the directory holds anything, if there are neither busybox nor sh, ls, cat and echo, or if a library that
 * one of them needs can't be read. The directory is then as it was.
 */
export function makeRootfs(directory: string, options: MakeOptions = {}): MadeRootfs {
  const undo = prepare(directory);
  try {
    // Nobody else gets at a file before it has lost its setuid bit.
    chmodSync(directory, 0o700);
    layOut(directory);
    const contents = fill(directory, options.path ?? systemPath(), options.busybox ?? true);
    chmodSync(directory, 0o755);
    return { ...contents, bytes: size(directory) };
  } catch (error) {
    undo();
    throw error;
  }
}

/** A made root filesystem in a few words: `dash and 78 programs of this machine with their 23 libraries, 14 MB`. */
export function describeRootfs({ kind, shell, programs, libraries, bytes }: MadeRootfs): string {
  const megabytes = `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  if (kind === 'busybox') return `${shell} with ${programs.length} applets, ${megabytes}`;
  const others = programs.length - 1;
  return `${shell} and ${others} programs of this machine with their ${libraries.length} libraries, ${megabytes}`;
}

/** Makes the directory unless it's there and empty; returns how to undo that and what comes after. */
function prepare(directory: string): () => void {
  try {
    const there = statSync(directory, { throwIfNoEntry: false });
    if (there !== undefined) {
      refuseNonEmpty(directory);
      return () => empty(directory, there.mode);
    }
    makeDirectories(directory, 0o755);
    return () => rmSync(directory, { recursive: true });
  } catch (error) {
    const expected = 'Expected a new or an empty directory for the root filesystem';
    throw new Error(`${expected}, got ${directory}: ${(error as Error).message}.`, { cause: error });
  }
}

function refuseNonEmpty(directory: string): void {
  const first = readdirSync(directory)[0];
  if (first !== undefined) throw new Error(`it contains ${first}; name another one, or empty it yourself`);
}

function empty(directory: string, mode: number): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  chmodSync(directory, mode & 0o7777);
}

/** Not by a recursive readdir, which follows links to directories and counts /lib twice. */
function size(directory: string): number {
  const sizes = readdirSync(directory, { withFileTypes: true }).map((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return size(path);
    return entry.isFile() ? lstatSync(path).size : 0;
  });
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
