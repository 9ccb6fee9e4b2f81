import { readFileSync } from 'node:fs';
import type { IdMap, Maps } from './maps.ts';
import { isOne, ownMaps } from './rootless/own-maps.ts';

/** What this process's user namespace is like: user_namespaces(7). */
export interface UserNamespace extends Maps {
  /** May a process there choose its groups? Not where somebody without privileges has written the map of groups. */
  readonly setgroups: boolean;
  /** Is it the one that the machine began with, as far as its maps tell? */
  readonly isFirst: boolean;
}

/**
 * The user namespace of this process; of an ordinary user's, the one in which it will be root. Without user namespaces in the
 * kernel, there is but the first.
 */
export function userNamespace(read?: typeof readProc): UserNamespace {
  return !read && process.geteuid?.() !== 0 ? ordinary() : asItSays(read ?? readProc);
}

function ordinary(): UserNamespace {
  const maps = ownMaps();
  return { ...maps, setgroups: !isOne(maps), isFirst: false };
}

function asItSays(read: typeof readProc): UserNamespace {
  const [uids, gids] = [mapIn(read('uid_map')), mapIn(read('gid_map'))];
  const isAll = ({ inside, outside, count }: IdMap) => inside === 0 && outside === 0 && count === ALL;
  return { uids, gids, setgroups: read('setgroups').trim() !== 'deny', isFirst: uids.some(isAll) && gids.some(isAll) };
}

/** Every id that the kernel has: the highest 32-bit number means none. */
const ALL = 2 ** 32 - 1;

/** A map as the kernel shows it: three numbers a line. */
function mapIn(text: string): IdMap[] {
  if (text === '') return [{ inside: 0, outside: 0, count: ALL }];
  const lines = text.trim().split('\n');
  return lines.map((line) => {
    const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    return { inside, outside, count };
  });
}

function readProc(file: string): string {
  try {
    return readFileSync(`/proc/self/${file}`, 'utf8');
  } catch {
    return '';
  }
}
