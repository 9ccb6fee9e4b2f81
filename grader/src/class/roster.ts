import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Step } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import { ARCHIVE, filesOf, workIn } from '../submission/where.ts';

/** One who handed something in. */
export interface Student {
  /** The name of the folder, which no other student has. */
  readonly student: string;
  /** Their real name, where the platform's download tells it. */
  readonly name: string;
  /** Where their work is. */
  readonly directory: string;
  /** Why it can't be graded. */
  readonly wrong?: string;
}

/**
 * The students in a folder that has one folder for each, by name: as Gradescope exports them (`submission_123`, with
 * their names in submission_metadata.yml), as GitHub Classroom clones them (`step-03-username`), or any other.
 *
 * @throws {Error} if there are none
 */
export function rosterOf(step: Step, directory: string): Student[] {
  if (!existsSync(directory)) throw new Error(`there is no ${shown(directory)}`);
  const names = gradescopeNames(directory);
  const students = readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== '__MACOSX')
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      const one = { student: entry.name, name: names.get(entry.name) ?? '' };
      if (entry.isDirectory()) return [{ ...one, ...workIn(step, path) }];
      if (ARCHIVE.test(entry.name)) return [{ ...one, directory: path, wrong: 'an archive: unpack it first' }];
      return entry.isSymbolicLink() ? [{ ...one, directory: path, wrong: 'a link, which is not followed' }] : [];
    });
  if (students.length > 0) return students.sort((a, b) => (a.student < b.student ? -1 : 1));
  throw new Error(`${shown(directory)} holds no folder: expected one for each student, with ${filesOf(step)[0]} in it`);
}

/** Names by folder, of Gradescope's submission_metadata.yml: `submission_123: { :submitters: [{ :name: … }] }`. */
function gradescopeNames(directory: string): Map<string, string> {
  const file = join(directory, 'submission_metadata.yml');
  if (!existsSync(file)) return new Map();
  const metadata = parse(readFileSync(file, 'utf8')) as Record<string, { ':submitters'?: { ':name'?: unknown }[] }>;
  const names = Object.entries(metadata ?? {}).map(([folder, one]): [string, string] => [
    folder,
    (one?.[':submitters'] ?? []).map((who) => String(who[':name'] ?? '')).join(', '),
  ]);
  return new Map(names);
}
