import { closeSync, openSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { flock, LOCK_EX, perform } from 'shared-native';
import { makeDirectories, state } from 'step-10';
import { namesIn } from '../if-there.ts';
import { readRecord } from './record.ts';

// A container's name is a symlink to its id, so a name is found without looking at any other container. It counts if the
// record says the same: a command that is killed between the two leaves a link that the next one who wants the name replaces.

/** A container's whole id. */
export const ID = /^[0-9a-f]{64}$/;

/** A name that a container has already. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';

  constructor(name: string, id: string) {
    super(
      `Conflict. The container name "/${name}" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
    );
  }
}

/** The id of the container that a name leads to, whether its record can be read or not; undefined if there is none. */
export function idOfName(name: string): string | undefined {
  const id = target(name);
  return id !== undefined && ID.test(id) && isTaken(name, id) ? id : undefined;
}

/** The ids that names lead to. */
export function idsWithNames(): Set<string | undefined> {
  return new Set(namesIn(directory()).map(target));
}

/** Gives a container a name. To be called `whileNaming`. @throws {NameTaken}; {Error} if what is there is no link to an id */
export function takeName(name: string, id: string): void {
  const other = target(name);
  if (other !== undefined && !ID.test(other))
    throw new Error(`${linkOf(name)} isn't a link to a container's id, so nobody knows who has that name: remove it`);
  if (other !== undefined && other !== id && isTaken(name, other)) throw new NameTaken(name, other);
  rmSync(linkOf(name), { force: true });
  symlinkSync(id, linkOf(name));
}

/** Gives a container's name back. To be called `whileNaming`. */
export function dropName(name: string, id: string): void {
  const its = target(name);
  if (its === id || (its !== undefined && !ID.test(its))) rmSync(linkOf(name), { force: true, recursive: true });
}

/** Gives back the name of a container whose record can't be read. To be called `whileNaming`. */
export function dropNamesOf(id: string): void {
  for (const name of namesIn(directory())) if (target(name) === id) dropName(name, id);
}

/** Removes names that count no more: what gave them, or took them back, was killed. */
export function pruneNames(): void {
  if (namesIn(directory()).length === 0) return;
  whileNaming(() => {
    for (const name of namesIn(directory())) {
      const id = target(name);
      if (id !== undefined && ID.test(id) && !isTaken(name, id)) dropName(name, id);
    }
  });
}

/** Does something while nobody else gives names or takes them. It takes no time, so others wait for it. */
export function whileNaming<T>(doing: () => T): T {
  makeDirectories(directory(), 0o700);
  const lock = openSync(directory(), 'r');
  try {
    perform(flock(lock, LOCK_EX));
    return doing();
  } finally {
    closeSync(lock);
  }
}

/** One whose record can't be read may have the name: better to lose a name than to give it twice. */
function isTaken(name: string, id: string): boolean {
  try {
    return readRecord(id)?.name === name;
  } catch {
    return true;
  }
}

/** What a name leads to: an id, unless somebody has written there. Nothing, if it isn't a link. */
function target(name: string): string | undefined {
  try {
    return readlinkSync(linkOf(name));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EINVAL') return '';
    if (['ENOENT', 'ENAMETOOLONG'].includes(code)) return undefined;
    throw error;
  }
}

function linkOf(name: string): string {
  return `${directory()}/${name}`;
}

function directory(): string {
  return `${state().data}/container-names`;
}
