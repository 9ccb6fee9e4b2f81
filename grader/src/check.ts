import { globSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { impostorsOf, withImpostor } from './checking/impostors.ts';
import { grade } from './grade.ts';
import type { Grade, TaskGrade } from './report/grade.ts';
import type { Work } from './running/work.ts';
import { startOf } from './start.ts';
import type { Step } from './step/step.ts';
import { homeworkOf, ROOT } from './step/workspace.ts';
import { ownOf, readFiles } from './submission/submission.ts';

/** A submission whose grade is known beforehand. */
interface Known extends Work {
  /** What is wrong with the grade that it got. */
  wrong(grade: Grade): string[];
}

/** One thing that the grader was tried with. */
export interface Checked {
  readonly name: string;
  /** Empty if the grade was as it must be. */
  readonly wrong: readonly string[];
}

/**
 * Grades the grader: the reference gets everything; the start, and the code of the step before, get nothing, for the
 * right reason; and each impostor loses the points of its own task and of no other.
 *
 * @param least - how many impostors each task must have
 */
export async function check(step: Step, least: number, jobs?: number): Promise<Checked[]> {
  const known = [reference(step), start(step), ...previous(step), ...impostors(step)];
  const grades = await grade(step, known, { ...(jobs !== undefined && { jobs }) });
  const checked = known.map((one, index) => ({ name: one.name, wrong: one.wrong(grades[index] as Grade) }));
  return [...checked, ...enough(step, least)];
}

function reference(step: Step): Known {
  return {
    name: 'the reference gets all points',
    files: step.sources,
    wrong: ({ tasks }) => tasks.filter(({ state }) => state !== 'passed').map(told),
  };
}

function start(step: Step): Known {
  const directory = homeworkOf(step);
  return {
    name: 'the start gets none, and each failure names the file to edit',
    files: startOf(step, directory),
    wrong: ({ tasks }) =>
      tasks
        .filter(
          ({ score, task, story }) => score > 0 || !story?.todo || !story.cause.includes(`${step.name}/${task.file}`),
        )
        .map(told),
  };
}

/** The folder of the step before, as if it had been handed in by mistake. */
function previous(step: Step): Known[] {
  const [folder] = globSync(`steps/${String(step.number - 1).padStart(2, '0')}-*`, { cwd: ROOT });
  if (folder === undefined) return [];
  return [
    {
      name: `${folder} gets none: it has other files`,
      files: readFiles(step, join(ROOT, folder)),
      wrong: ({ tasks }) =>
        tasks
          .filter(({ score, task, story }) => score > 0 || !story?.cause.includes(`there is no ${folder}/${task.file}`))
          .map(told),
    },
  ];
}

/** Of an impostor, only the tasks are graded whose code differs from the reference's, which got all points. */
function impostors(step: Step): Known[] {
  const reference = ownOf(step, step.sources);
  return impostorsOf(step).map((impostor) => {
    const files = withImpostor(step, impostor);
    const own = ownOf(step, files);
    const numbers = step.tasks.map(({ number }) => number);
    return {
      name: `${impostor.name} loses the points of task ${impostor.task} alone: ${impostor.mistake}`,
      files,
      only: numbers.filter((task) => task === impostor.task || !isDeepStrictEqual(own[task], reference[task])),
      wrong: ({ tasks }) =>
        tasks
          .filter(({ task, state, story }) =>
            task.number === impostor.task ? state !== 'failed' || !story?.answered : state !== 'passed',
          )
          .map(told),
    };
  });
}

function enough(step: Step, least: number): Checked[] {
  const all = impostorsOf(step);
  if (step.tasks.length === 0) return [{ name: 'it has tasks', wrong: [`${step.name} has no "#region task …"`] }];
  return step.tasks.map(({ number }) => {
    const found = all.filter(({ task }) => task === number).length;
    const wrong = found < least ? [`it has ${found}: write more in ${step.name}'s test/impostors`] : [];
    return { name: `task ${number} has ${least} impostors or more`, wrong };
  });
}

function told({ task, state, score, story, reason }: TaskGrade): string {
  const why = story ? `"${story.test}": ${story.came ?? ''} ${story.cause}` : (reason ?? '');
  return `task ${task.number} is ${state} with ${score} points: ${why}`;
}
