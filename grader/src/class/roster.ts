import { existsSync } from 'node:fs';
import type { Step } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import { type Entry, entries } from '../submission/door.ts';
import { type Bytes, bytes, readable, within } from '../submission/names.ts';
import { filesOf, isArchive, isShown, workIn } from '../submission/where.ts';
import { namesIn } from './metadata.ts';

/** One who handed something in. */
export interface Student {
  /** The name of the folder, as it is read: no other student has it. */
  readonly student: string;
  /** Their real name, where the platform's download tells it. */
  readonly name: string;
  /** Where their work is. */
  readonly directory: Bytes;
  /** Why it can't be graded. */
  readonly wrong?: string;
}

export interface Roster {
  readonly students: readonly Student[];
  /** What is wrong with what the platform says of them. */
  readonly wrong: readonly string[];
}

/** The largest class. */
const MOST = 100_000;

/**
 * The students in a folder that has one folder for each, by name: as Gradescope exports them (`submission_123`, with
 * their names in submission_metadata.yml), as GitHub Classroom clones them (`step-03-username`), or any other.
 *
 * @throws {Error} if there are none
 */
export function rosterOf(step: Step, folder: string): Roster {
  if (!existsSync(folder)) throw new Error(`there is no ${shown(folder)}`);
  const directory = bytes(folder);
  const names = namesIn(directory);
  const students = entries(directory, MOST)
    .filter(({ name }) => isShown(name))
    .flatMap((entry) => studentOf(step, directory, entry))
    .map((one) => ({ ...one, name: names.of.get(one.student) ?? '' }));
  if (students.length > 0) return { students: students.sort(byName), wrong: names.wrong };
  throw new Error(`${shown(folder)} holds no folder: expected one for each student, with ${filesOf(step)[0]} in it`);
}

/** Nobody, where it is a file that is no archive: a platform's own. */
function studentOf(step: Step, directory: Bytes, { name, kind }: Entry): Omit<Student, 'name'>[] {
  const path = within(directory, name);
  const student = readable(name);
  if (kind === 'folder') return [{ student, ...workIn(step, path) }];
  if (isArchive(name)) return [{ student, directory: path, wrong: 'an archive: unpack it first' }];
  return kind === 'link' ? [{ student, directory: path, wrong: 'a link, which is not followed' }] : [];
}

export function byName(a: { student: string }, b: { student: string }): number {
  return a.student < b.student ? -1 : 1;
}
