import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

export type { MadeRootfs, MakeOptions } from './rootfs-make.ts';

/** To be raised when what is in a root filesystem changes: then nobody keeps an old one. */
const NAME = 'rootfs-1';

/**
 * Where the default root filesystem is, or will be: `$BOXSTEP_CACHE/rootfs-1`; else in `/var/cache/boxstep` for root,
 * and in `~/.cache/boxstep` (or `$XDG_CACHE_HOME`) for others. Looks at nothing and makes nothing.
 */
export function defaultRootfsPath(): string {
  const { BOXSTEP_CACHE: ours, XDG_CACHE_HOME: xdg } = process.env;
  if (ours) return resolve(ours, NAME);
  if (process.geteuid?.() === 0) return join('/var/cache/boxstep', NAME);
  // The XDG specification: a relative path is invalid and must be ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'boxstep', NAME);
}

/**
 * The path of the default root filesystem, which is made on first use: offline, from this machine's own programs.
 * Any number of processes may do so at once.
 *
 * @param say - is told in a line that it's being made, and in another of what; never called when it's already there
 * @throws as `makeRootfs` does; if the cache can't be written; if what is at its place is no root filesystem
 */
export async function defaultRootfs(say: (line: string) => void = () => {}): Promise<string> {
  const path = defaultRootfsPath();
  if (isRootfs(path)) return path;
  const { describeRootfs, makeRootfs } = await import('./rootfs-make.ts'); // rarely needed, and seven files
  say(`Making a root filesystem from this machine's programs, this once: ${path}`);
  const making = makingDirectory(path);
  try {
    const made = makeRootfs(making);
    moveIntoPlace(making, path);
    say(`Made of ${describeRootfs(made)}.`);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return path;
}

/** A rename put it there, so one file stands for all of them. */
function isRootfs(path: string): boolean {
  return existsSync(join(path, 'usr/bin/sh'));
}

function makingDirectory(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    removeLeftovers(path);
    return mkdtempSync(`${path}.making-${process.pid}-`);
  } catch (error) {
    const what = `The default root filesystem can't be made: ${(error as Error).message}.`;
    throw new Error(`${what} Set BOXSTEP_CACHE to a directory that you can write to.`, { cause: error });
  }
}

function removeLeftovers(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const maker = name.startsWith(`${basename(path)}.making-`) && /\.making-(\d+)/.exec(name)?.[1];
    if (maker && !isAlive(Number(maker))) rmSync(join(dirname(path), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function moveIntoPlace(making: string, path: string): void {
  try {
    renameSync(making, path);
  } catch (error) {
    // Another process was faster, and its work is as good as ours.
    if (isRootfs(path)) return;
    const what = `${(error as Error).message}: ${path} is there, but is no root filesystem (it has no usr/bin/sh).`;
    throw new Error(`${what} To have it made anew: rm -rf ${path}`, { cause: error });
  }
}
