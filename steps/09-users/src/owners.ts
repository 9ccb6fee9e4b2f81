import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { AT_EMPTY_PATH, AT_FDCWD, type Call, fchownat, tolerate } from 'shared-native';
import { type Action, directoriesIn, etcOf, FILES, identity, newDeed, shellLine, userFiles } from 'step-08';
import { type Maps, outside } from './maps.ts';
import type { Options } from './options.ts';

/** Files on the host, and their new owner. */
interface Owned {
  readonly paths: readonly string[];
  readonly uid: number;
  readonly gid: number;
}

// #region what is its root's
/** Makes the container's root the owner of the files that the host made for it: the directory it writes to, and its files for /etc. */
export function giveToRoot({ name, directory }: Options, { uids, gids }: Maps): Action {
  const { upper, work } = directoriesIn(directory);
  const paths = [upper, work, ...FILES.map((file) => join(etcOf(name), file))];
  const [uid = 0, gid = 0] = [outside(uids, 0), outside(gids, 0)];
  return {
    what: 'its root owns the directories it writes to',
    when: 'before',
    do: [chown({ paths, uid, gid })],
    undo: [],
  };
}

const chown = newDeed<Owned>('chown', {
  asShell: ({ paths, uid, gid }) => shellLine(['chown', `${uid}:${gid}`, ...paths]),
  carryOut({ paths, uid, gid }) {
    for (const path of paths) chownSync(path, uid, gid);
  },
  calls: ({ paths, uid, gid }) => paths.map((path) => fchownat(AT_FDCWD, path, uid, gid)),
});
// #endregion

/** Who a process is to run as, and which of its standard streams are pipes. */
type Streams = Pick<Options, 'pipes' | 'user' | 'groupAdd' | 'rootfs'>;

/**
 * Gives a user of the container the pipes that are standard input, output or error, as step 4 does: there nobody can who
 * is only root of a user namespace, since their owner is nobody in it.
 */
export function ownPipes({ pipes, user, groupAdd, rootfs }: Streams, { uids }: Pick<Maps, 'uids'>): Call[] {
  const owner = outside(uids, identity(user, groupAdd, userFiles(rootfs)).uid);
  if (owner === undefined) return [];
  return pipes.map((pipe) => tolerate(fchownat(pipe, '', owner, -1, AT_EMPTY_PATH), 'any'));
}
