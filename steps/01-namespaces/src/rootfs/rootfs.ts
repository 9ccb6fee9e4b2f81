import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { state } from '../engine/state.ts';
import { makeOnce } from './made-once.ts';

export type { MadeRootfs, MakeOptions } from './make.ts';

/** To be raised when what is in a root filesystem changes: then nobody keeps an old one. */
const NAME = 'rootfs-1';

/** Where the default root filesystem is, or will be. Looks at nothing and makes nothing. */
export function defaultRootfsPath(): string {
  return join(state().cache, NAME);
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
  let contents = '';
  say(`Making a root filesystem from this machine's programs, this once: ${path}`);
  await makeOnce({
    path,
    isThere: isRootfs,
    otherwise: 'is no root filesystem (it has no usr/bin/sh)',
    make: async (making) => {
      contents = await makeRootfs(making);
    },
  });
  say(`Made of ${contents}.`);
  return path;
}

/**
 * Makes a root filesystem as the default one in a new or empty directory.
 *
 * @returns of what it was made: `dash and 78 programs of this machine with their 23 libraries, 14 MB`
 * @throws if the directory holds anything, or if there is nothing to make it of
 */
export async function makeRootfs(directory: string): Promise<string> {
  const { describeRootfs, makeRootfs } = await import('./make.ts'); // rarely needed, and seven files
  return describeRootfs(makeRootfs(directory));
}

/** A rename put it there, so one file stands for all of them. */
function isRootfs(path: string): boolean {
  return existsSync(join(path, 'usr/bin/sh'));
}
