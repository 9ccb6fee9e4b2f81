import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, sep } from 'node:path';
import { placeOf } from '../isolation/place.ts';
import type { Step, Task } from '../step/step.ts';
import { ROOT, shown } from '../step/workspace.ts';
import { asking } from '../trusted/route.ts';
import type { Own, Submission } from '../trusted/student.ts';

/** Of a submission, only the files that hold tasks are read: everything else is the reference's. */
export type Files = ReadonlyMap<string, string | { readonly wrong: string }>;

/** The most bytes of one file. */
const LARGEST = 1024 ** 2;

/** Reads the files that hold a step's tasks from a student's folder. */
export function readFiles(step: Step, directory: string): Files {
  return new Map(step.tasks.map(({ file }) => [file, readOne(directory, file)]));
}

/** Only a plain file that lies in the folder: a link might lead to the reference, and a pipe have no end. */
function readOne(directory: string, file: string): string | { wrong: string } {
  const path = join(directory, file);
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) return { wrong: `there is no ${shown(path)}${whose(directory)}` };
    if (!found.isFile() || !realpathSync(path).startsWith(realpathSync(directory) + sep)) {
      return { wrong: `${shown(path)} is no file of this folder` };
    }
    if (found.size > LARGEST) return { wrong: `${shown(path)} is larger than 1 MiB` };
    return readFileSync(path, 'utf8');
  } catch (error) {
    return { wrong: `${shown(path)} can't be read: ${(error as Error).message}` };
  }
}

function whose(directory: string): string {
  if (!lstatSync(join(directory, 'package.json'), { throwIfNoEntry: false })) return '';
  try {
    const { name } = JSON.parse(readOne(directory, 'package.json') as string);
    return `: by its package.json this folder is ${JSON.stringify(name).slice(0, 100)}`;
  } catch {
    return '';
  }
}

/** What a submission is, for the grader: the files that hold tasks. */
export function hashOf(files: Files): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
    .slice(0, 16);
}

/** From which the tests of a submission make their values: as long as it is the same, so are they. */
export function seedOf(files: Files): string {
  return hashOf(files).slice(0, 8);
}

/** What the tests' process needs to know of a step: its sources as students get them, and where their code may run. */
export function setOf(step: Step, seconds = 10): Submission {
  const sources = [...step.sources].map(([path, source]) => [
    join(step.directory, path),
    stripTypeScriptTypes(asking(source, path)),
  ]);
  return { place: placeOf(ROOT, step.directory, step.number), sources: Object.fromEntries(sources), seconds };
}

/** What it needs to know of a submission: for each task, the file in which that task is the student's. */
export function ownOf(step: Step, files: Files): Own {
  const own = (task: Task) => {
    const source = files.get(task.file) ?? { wrong: `there is no ${task.file}` };
    return typeof source === 'string'
      ? { path: join(step.directory, task.file), source: asking(source, task.file, task.number) }
      : source;
  };
  return Object.fromEntries(step.tasks.map((task) => [task.number, own(task)]));
}
