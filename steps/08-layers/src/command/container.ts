import { findHierarchies, freezeContainer, running } from 'step-07';
import { type ContainerRecord, containerPath, directoriesIn, readContainer } from '../container.ts';
import { viewOf } from '../root.ts';
import { readUpper, type Upper } from '../upper.ts';

/** A container's files, as they are on the host. */
export interface Found {
  readonly record: ContainerRecord;
  /** Its upper directory, and what is in it. */
  readonly top: string;
  readonly upper: Upper;
  /** Where all that is below it is seen. */
  readonly lower: string;
}

/** Where to look at a container's upper directory. */
export type Look = (directory: string) => string | Promise<string>;

/**
 * @param look - a later step's may have to be seen by other owners
 * @throws {Error} if there is no container of this name, running or kept
 */
export async function findContainer(
  name: string,
  look: Look = (directory) => directoriesIn(directory).upper,
): Promise<Found> {
  const record = recordOf(name);
  const top = await look(containerPath(name));
  const lower = `${viewOf(record.lowers)}/.`; // the directory, where this is a link in /proc
  return { record, top, upper: readUpper(top), lower };
}

export function recordOf(name: string): ContainerRecord {
  const record = readContainer(name);
  if (record && (record.keep || isRunning(name))) return record;
  throw new Error(`No such container: ${name}`);
}

export function isRunning(name: string): boolean {
  return running(findHierarchies()).includes(name);
}

/** Does something while a container's processes stand still, if it runs, and isn't paused already. */
export async function whilePaused<T>(name: string, doing: () => Promise<T>): Promise<T> {
  if (!isRunning(name)) return doing();
  const isOurs = await freezeContainer(name, true).then(
    () => true,
    (error: Error) => {
      if (/already paused/.test(error.message)) return false;
      throw error;
    },
  );
  try {
    return await doing();
  } finally {
    if (isOurs) await freezeContainer(name, false);
  }
}
