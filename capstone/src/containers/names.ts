import { closeSync, openSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import { makeDirectories, state } from 'step-10';
import { readRecord } from './record.ts';

// A container's name is a symlink to its id, so a name is found without looking at any other container. It counts if the
// record says the same: a command that is killed between the two leaves a link that the next one who wants the name replaces.

/** A name that a container has already. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';

  constructor(name: string, id: string) {
    super(
      `Conflict. The container name "/${name}" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
    );
  }
}

/** The id of the container of a name; undefined if there is none. @throws {Error} if its record can't be read */
export function idOfName(name: string): string | undefined {
  const id = linked(name);
  return id !== undefined && readRecord(id)?.name === name ? id : undefined;
}

/** Gives a container a name. To be called `whileNaming`. @throws {NameTaken} */
export function takeName(name: string, id: string): void {
  const other = linked(name);
  if (other !== undefined && other !== id && isTaken(name, other)) throw new NameTaken(name, other);
  rmSync(linkOf(name), { force: true });
  symlinkSync(id, linkOf(name));
}

/** Gives a container's name back. To be called `whileNaming`. */
export function dropName(name: string, id: string): void {
  if (linked(name) === id) rmSync(linkOf(name), { force: true });
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

function linked(name: string): string | undefined {
  try {
    return readlinkSync(linkOf(name));
  } catch (error) {
    if (['ENOENT', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function linkOf(name: string): string {
  return join(directory(), name);
}

function directory(): string {
  return join(state().data, 'container-names');
}
