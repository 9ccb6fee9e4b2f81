import { join } from 'node:path';
import { cgroupPath, cgroupsOf, findHierarchies, freezeContainer, running, told } from 'step-07';
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
  const isOurs = await pauses(name);
  try {
    return await doing();
  } finally {
    if (isOurs) await freezeContainer(name, false);
  }
}

/** @returns false if it is paused already, or has ended meanwhile */
async function pauses(name: string): Promise<boolean> {
  try {
    await freezeContainer(name, true);
    return true;
  } catch (error) {
    if (/already paused/.test((error as Error).message) || hasEnded(name)) return false;
    throw error;
  }
}

/** Has it no process any more? Its cgroups are removed one after the other, so it may have no freezer, and still count as running. */
function hasEnded(name: string): boolean {
  const hierarchies = findHierarchies();
  return cgroupsOf(name, hierarchies).every((one) => !told(join(cgroupPath(one, name), 'cgroup.procs')));
}
