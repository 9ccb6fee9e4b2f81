import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { type Action, copyDirectory, makeOnce, newDeed, shellLine } from 'step-08';
import { type IdMap, type Maps, outside } from './maps.ts';
import type { Options } from './options.ts';
import { copies } from './root.ts';

export interface Copy {
  readonly from: string;
  readonly to: string;
  readonly maps: Maps;
}

// #region the same files, once more
/**
 * Copies a container's files with the owners that they are to have, where no mount can give them: on a filesystem or a kernel
 * that has no ID-mapped mounts, or for one who is only root of a user namespace.
 */
export function copied(options: Options, maps: Maps): Action {
  return {
    what: 'its files by other owners, since no mount here can show them so',
    when: 'before',
    do: copies(options, maps).map((copy) => copyByOwners({ ...copy, maps })),
    undo: [],
  };
}
// #endregion

const copyByOwners = newDeed<Copy>('copy-by-owners', {
  asShell: ({ from, to, maps: { uids, gids } }) =>
    `${shellLine(['cp', '-a', from, to])}  # its owners: those of ${uids[0]?.outside}:${gids[0]?.outside} and on`,
  carryOut: ({ from, to, maps }) =>
    makeOnce({
      path: to,
      isThere: existsSync,
      otherwise: 'is no directory',
      make: (making) => copyTo(from, making, maps),
    }),
});

function copyTo(from: string, to: string, { uids, gids }: Maps): void {
  const source = openSync(from, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    copyDirectory(source, to, ({ uid, gid }) => ({ uid: mapped(uids, uid), gid: mapped(gids, gid) }));
  } finally {
    closeSync(source);
  }
}

/** An owner who is nobody in the container becomes the nobody that it has itself, or its root. */
export function mapped(map: readonly IdMap[], id: bigint): bigint {
  return BigInt(outside(map, Number(id)) ?? outside(map, 65_534) ?? outside(map, 0) ?? 0);
}
