import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectories } from '../engine/make-directories.ts';

/** A directory that is made on first use, and then kept. */
export interface MadeOnce {
  readonly path: string;
  /** Is it there already? */
  isThere(path: string): boolean;
  /** What to say of something else that is at its place: `is no root filesystem`. */
  readonly otherwise: string;
  /** Fills an empty directory, which will be it. */
  make(making: string): void | Promise<void>;
}

/**
 * Makes a directory unless it's there: beside its place, and when it's whole a rename puts it there. Any number of
 * processes may do so at once. What is left of one that was killed at it, the next removes.
 *
 * @throws as its `make` does; if nothing can be written there; if something else is at its place
 */
export async function makeOnce(made: MadeOnce): Promise<void> {
  if (made.isThere(made.path)) return;
  const making = makingDirectory(made.path);
  try {
    await made.make(making);
    moveIntoPlace(making, made);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function makingDirectory(path: string): string {
  try {
    makeDirectories(dirname(path), 0o755);
    removeLeftovers(dirname(path));
    return mkdtempSync(`${path}.making-${process.pid}-`);
  } catch (error) {
    const what = `${path} can't be made: ${(error as Error).message}.`;
    throw new Error(`${what} Set BOXSTEP_CACHE, or --root, to a directory that you can write to.`, { cause: error });
  }
}

function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const [, maker] = /\.making-(\d+)-/.exec(name) ?? [];
    if (maker && !isAlive(Number(maker))) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function moveIntoPlace(making: string, { path, isThere, otherwise }: MadeOnce): void {
  try {
    renameSync(making, path);
  } catch (error) {
    // Another process was faster, and its work is as good as ours.
    if (isThere(path)) return;
    const what = `${(error as Error).message}: ${path} is there, but ${otherwise}.`;
    throw new Error(`${what} To make it again: rm -rf ${path}`, { cause: error });
  }
}
