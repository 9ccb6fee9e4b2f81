import { posix } from 'node:path';
import { BYTES } from 'step-10/files';
import type { Located } from './locate.ts';

/** Where an archive is unpacked, and what its first entry is called. */
export interface Target {
  readonly base: readonly string[];
  readonly called: string;
}

/** Does a path say that it is a directory? */
export function saysDirectory(path: string): boolean {
  return /(^|\/)\.?$/.test(path);
}

/** What a copy is called: `.` if only what is in it is copied. */
export function nameOf(path: string): string {
  const whole = posix.normalize(`/${path}`);
  const isAll = path === '.' || path.endsWith('/.') || whole === '/';
  return isAll ? '.' : Buffer.from(posix.basename(whole)).toString(BYTES);
}

// #region where a copy goes
/**
 * Where a copy goes, by docker's rules: into a directory that is there; else it gets the target's name.
 *
 * @throws {Error} in docker's words
 * @see {@link https://docs.docker.com/reference/cli/docker/container/cp/ | docker cp}
 */
export function targetOf(source: string, isDirectory: boolean, target: string, { parts, stat }: Located): Target {
  if (stat?.isDirectory()) return { base: parts, called: nameOf(source) };
  if (stat && isDirectory) throw new Error('cannot copy directory');
  if (stat && saysDirectory(target)) throw new Error('not a directory');
  if (!stat && !isDirectory && saysDirectory(target)) throw new Error('no such directory');
  return { base: parts.slice(0, -1), called: parts.at(-1) ?? '.' };
}
// #endregion
