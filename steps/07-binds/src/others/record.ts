import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Action, type Deed, newDeed, shellLine, state } from 'step-06';
import type { Mount } from '../mount.ts';

/** Where what a container has mounted is written down, for others that want the same; gone when it has ended. */
function recordPath(name: string): string {
  return join(state().journals, '.mounts', name);
}

/** Writes down what a container has mounted. */
export function recordMounts(name: string, mounts: readonly Mount[]): Action {
  const path = recordPath(name);
  return {
    what: 'what it has mounted, for --volumes-from of others',
    when: 'before',
    do: [record({ path, mounts })],
    undo: [forget({ path })],
  };
}

/** What a running container has mounted but tmpfs; empty if that is nothing. */
export function mountsOf(name: string): Mount[] {
  try {
    return JSON.parse(readFileSync(recordPath(name), 'utf8')) as Mount[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The containers that have a volume. */
export function usersOf(volume: string): string[] {
  const directory = dirname(recordPath('any'));
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names.filter((name) => mountsOf(name).some((mount) => mount.type === 'volume' && mount.name === volume));
}

const record: (of: { path: string; mounts: readonly Mount[] }) => Deed = newDeed('mounts', {
  asShell: ({ path, mounts }) => `echo ${shellLine([JSON.stringify(mounts)])} > ${shellLine([path])}`,
  carryOut({ path, mounts }) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, JSON.stringify(mounts), { mode: 0o600 });
  },
  calls: () => [],
});

const forget: (of: { path: string }) => Deed = newDeed('forget-mounts', {
  asShell: ({ path }) => shellLine(['rm', path]),
  carryOut: ({ path }) => rmSync(path, { force: true }),
  calls: () => [],
});
