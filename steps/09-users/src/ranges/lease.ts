import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { F_OFD_SETLK, F_RDLCK, F_WRLCK, fcntl, perform, tolerate } from 'shared-native';
import { type Action, closeHeld, hold, makeDirectories, newDeed, state } from 'step-08';
import { from0, type Maps } from '../maps.ts';
import { pool } from './pool.ts';
import { nthRange, type Range } from './range.ts';

// #region a lock on each id
// Like step 5's leases of addresses: byte N of a file stands for user N, and further on there is a byte for each group. The
// process with the lock on a byte has the id. Ids that were chosen for a container are its alone. Ids that you named may be
// shared by all the containers that you named them for, so those get a read lock.

/** Leases `count` users and as many groups that no container has, until `release`, or until this process ends. @throws {Error} if there are none */
export function leaseMaps(count: number): Maps {
  return keeping((file) => {
    return { uids: from0(take(file, 'uids', count), count), gids: from0(take(file, 'gids', count), count) };
  });
}

/** Takes the first free place, and returns its first id. */
function take(file: number, kind: 'uids' | 'gids', count: number): number {
  const ranges = pool(kind);
  for (let nth = 0; ; nth++) {
    const first = nthRange(ranges, count, nth) ?? fail(kind, count);
    if (lock(file, kind, { first, count }, F_WRLCK)) return first;
  }
}

/** Records that a container has these ids. @throws {Error} if some were chosen for another */
export function leaseNamed(maps: Maps): Maps {
  return keeping((file) => {
    for (const kind of ['uids', 'gids'] as const) {
      const taken = maps[kind].find(({ outside, count }) => !lock(file, kind, { first: outside, count }, F_RDLCK));
      if (taken)
        throw new Error(
          `some of the ${taken.count} ${kind} from ${taken.outside} on belong to another container, which doesn't share its ids`,
        );
    }
    return { ...maps }; // a lease of its own: the same ids may be named for several containers
  });
}
// #endregion

function keeping(lease: (file: number) => Maps): Maps {
  const file = openLeases();
  try {
    const maps = lease(file);
    hold(file, () => files.delete(maps));
    files.set(maps, file);
    return maps;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The ids of a container, which it gives back when it has ended. */
export function leased(maps: Maps): Action {
  return { what: '', when: 'before', do: [], undo: [giveBack(maps)] };
}

const giveBack = newDeed<Maps>('give-back-ids', {
  asShell: () => ': its ids are free for another container',
  carryOut(maps) {
    const file = files.get(maps);
    if (file === undefined) return; // another process had them, and the kernel let go of its locks
    files.delete(maps);
    closeHeld(file);
  },
  calls: () => [],
});

/** The files that this process has locks on, by the very maps that it leased: those in a dead one's journal may be equal. */
const files = new Map<Maps, number>();

function openLeases(): number {
  const { data } = state();
  makeDirectories(data, 0o755);
  const path = join(data, 'ids');
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `${path}, on which containers have locks for their ids, can't be opened (${code}): end those with --userns auto, and remove it`,
      { cause: error },
    );
  }
}

/** Where the groups begin: behind every user. */
const GROUPS = 2n ** 32n;

function lock(file: number, kind: 'uids' | 'gids', { first, count }: Range, type: number): boolean {
  const start = BigInt(first) + (kind === 'uids' ? 0n : GROUPS);
  return perform(tolerate(fcntl(file, F_OFD_SETLK, { l_type: type, l_start: start, l_len: count }), 'EAGAIN')) === 0;
}

function fail(kind: 'uids' | 'gids', count: number): never {
  throw new Error(
    `there are no ${count} ${kind} left for another container: end one, give "containers" more in ${kind === 'uids' ? '/etc/subuid' : '/etc/subgid'}, or ask for fewer (--userns auto:size=…)`,
  );
}
