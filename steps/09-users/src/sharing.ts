import { readFileSync, readlinkSync } from 'node:fs';
import { containerOf, type Running, runningContainer } from 'step-08';
import type { Maps } from './maps.ts';
import type { Options } from './options.ts';
import { userNamespace } from './user-namespace.ts';
import { plannedMaps } from './whose.ts';

/** Whose users a container has. */
export interface Users {
  /** Who is who in its user namespace; undefined if that is the one of the process that starts it. */
  readonly maps?: Maps | undefined;
  /** The container whose it is, too. */
  readonly of?: Running;
}

// #region whose users
/**
 * Whose users a container has: its own; or those of a container whose network, processes or shared memory it shares. These
 * belong to that one's user namespace, and only root there has power over them.
 *
 * @throws {Error} if it is to share things of two user namespaces, or to have users of its own besides
 */
export function usersFor(options: Options): Users {
  const [first, ...others] = shared(options).map((name) => runningContainer(name));
  const { userns, usernsGiven } = options;
  if (userns.mode === 'host') return {};
  if (!first) return { maps: options.maps ?? plannedMaps(userns) };
  const stranger = others.find((one) => idOf(one.pid) !== idOf(first.pid));
  if (stranger)
    throw new Error(
      `${first.name} and ${stranger.name} have different users, and one container can't share things of both`,
    );
  if (usernsGiven)
    throw new Error(
      `conflicting options: what it shares belongs to the users of ${first.name}, so it can't have others: leave out --userns and the like`,
    );
  if (idOf(first.pid) === idOf('self')) return {};
  return { maps: userNamespace((file) => readFileSync(`/proc/${first.pid}/${file}`, 'utf8')), of: first };
}
// #endregion

/** The containers that it shares something with. */
export function shared({ networks, ipc, pid }: Options): string[] {
  return [networks[0]?.network ?? '', ipc, pid].flatMap((mode) => containerOf(mode) ?? []);
}

function idOf(pid: number | 'self'): string {
  return readlinkSync(`/proc/${pid}/ns/user`);
}
