import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { placeOf } from '../isolation/place.ts';
import type { Step, Task } from '../step/step.ts';
import { ROOT } from '../step/workspace.ts';
import { asking } from '../trusted/route.ts';
import type { Own, Submission } from '../trusted/student.ts';
import type { Files } from './files.ts';

/** What the tests' process needs to know of a step: its sources as students get them, and where their code may run. */
export function setOf(step: Step, seconds = 10): Submission {
  const sources = [...step.sources].map(([path, source]) => [
    join(step.directory, path),
    stripTypeScriptTypes(asking(source, path)),
  ]);
  return { place: placeOf(ROOT, step.directory, step.number), sources: Object.fromEntries(sources), seconds };
}

/** What it needs to know of a submission: for each task, the file in which that task is the student's, and what they added. */
export function ownOf(step: Step, files: Files): Own {
  const added = Object.fromEntries(
    [...files]
      .filter(([path]) => !step.sources.has(path))
      .map(([path, source]) => [join(step.directory, path), module(source)]),
  );
  const own = (task: Task) => {
    const source = files.get(task.file) ?? { wrong: `there is no ${task.file}` };
    if (typeof source !== 'string') return source;
    return { path: join(step.directory, task.file), source: asking(source, task.file, task.number), added };
  };
  return Object.fromEntries(step.tasks.map((task) => [task.number, own(task)]));
}

/** A file that can't be read says so to the module that imports it. */
function module(source: string | { readonly wrong: string }): string {
  return typeof source === 'string' ? source : `throw new Error(${JSON.stringify(source.wrong)});`;
}
