import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mkdir, tolerate } from 'shared-native';
import {
  type Action,
  type Deed,
  directoriesTo,
  journalNames,
  makeDirectories,
  makeDirectory,
  newDeed,
  state,
} from 'step-07';
import type { ContainerConfig } from './store/image.ts';
import { list } from './store/record.ts';
import { remove } from './unpack/remove.ts';

/** What is known of a container besides its files: `config.json` in its directory. */
export interface ContainerRecord {
  readonly name: string;
  /** Does it stay when the container has ended? */
  readonly keep: boolean;
  /** The image's id, if it is of one. */
  readonly image?: string;
  /** The directories below its own: the topmost first. */
  readonly lowers: readonly string[];
  /** What it runs, and how: what `commit` makes an image's config of. */
  readonly config: ContainerConfig;
}

/** The directories that a container has for itself alone. */
export function directoriesIn(directory: string): { upper: string; work: string; merged: string } {
  return { upper: join(directory, 'upper'), work: join(directory, 'work'), merged: join(directory, 'merged') };
}

/** Where a container's directory is, or would be. A list of a thousand asks several times for each, and `join` takes a while. */
export function containerPath(name: string): string {
  return `${containersPath()}/${name}`;
}

function containersPath(): string {
  return `${state().data}/containers`;
}

/** A container that runs or was kept; undefined if there is none. */
export function readContainer(name: string): ContainerRecord | undefined {
  const path = join(containerPath(name), 'config.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} can't be read: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws {Error} if a container of this name was kept */
export function assertFree(name: string): void {
  if (readContainer(name)?.keep)
    throw new Error(`the container name "${name}" is in use by a container that was kept: "rm ${name}" removes it`);
}

// #region a directory of its own
/** Makes a container's directories, and removes them at its end unless you keep them. */
export function ownDirectory(directory: string, record: ContainerRecord): Action {
  return {
    what: 'upper is for what the container writes, work is for the kernel, and its root is mounted at merged',
    when: 'before',
    do: [makeContainer({ directory, record })],
    undo: record.keep ? [] : [removeContainer(directory)],
  };
}
// #endregion

const makeContainer = newDeed<{ directory: string; record: ContainerRecord }>('make-container', {
  asShell: ({ directory }) =>
    `mkdir -p ${dirname(directory)} && mkdir -m 700 ${directory} && mkdir ${directory}/upper ${directory}/work ${directory}/merged`,
  carryOut({ directory, record }) {
    assertFree(record.name);
    remove(Buffer.from(directory)); // left by a reboot, see below
    makeDirectories(dirname(directory), 0o755);
    mkdirSync(directory, { mode: 0o700 }); // or every user of the host could run what a container makes set-user-ID
    for (const one of Object.values(directoriesIn(directory))) makeDirectory(one, 0o755);
    writeFileSync(join(directory, 'config.json'), `${JSON.stringify(record)}\n`);
  },
  calls: ({ directory }) => [
    ...directoriesTo(dirname(directory)).map((path) => tolerate(mkdir(path, 0o755), 'EEXIST')),
    mkdir(directory, 0o700),
    ...Object.values(directoriesIn(directory)).map((path) => mkdir(path, 0o755)),
  ],
});

const removeContainer = newDeed<string>('remove-container', {
  asShell: (directory) => `rm -rf ${directory}`,
  carryOut: (directory) => remove(Buffer.from(directory)),
});

/** The directories that were not to be kept, and that no journal knows: a reboot ended their containers. */
export function leftByReboot(): Map<string, Deed[]> {
  const known = journalNames();
  const names = list(containersPath()).filter((name) => !known.includes(name) && !isKept(name));
  return new Map(names.map((name) => [name, [removeContainer(containerPath(name))]]));
}

function isKept(name: string): boolean {
  try {
    return readContainer(name)?.keep ?? false;
  } catch {
    return true; // nobody knows: it isn't readable
  }
}
