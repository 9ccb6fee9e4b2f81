import { globSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { alternativesOf, type Body, impostorsOf, withBody } from './checking/bodies.ts';
import type { Least } from './checking/least.ts';
import { type Mutant, mutantsOf } from './checking/mutants.ts';
import { equivalentsOf } from './checking/survivors.ts';
import { grade } from './grade.ts';
import type { Grade, TaskGrade } from './report/grade.ts';
import type { Work } from './running/work.ts';
import { startOf } from './start.ts';
import type { Step } from './step/step.ts';
import { homeworkOf, ROOT } from './step/workspace.ts';
import { readFiles } from './submission/files.ts';
import { bytes } from './submission/names.ts';
import { ownOf } from './submission/own.ts';

/** A submission whose grade is known beforehand. */
interface Known extends Work {
  /** What is wrong with the grade that it got. */
  wrong(grade: Grade): string[];
}

/** Seconds for a task's calls: how busy the machine is says nothing about the tests. */
const PATIENCE = 60;

/** One thing that the grader was tried with. */
export interface Checked {
  readonly name: string;
  /** Empty if the grade was as it must be. */
  readonly wrong: readonly string[];
  /** What else there is to say of it. */
  readonly notes?: readonly string[];
}

/**
 * Grades the grader, in both directions: the reference gets everything, and so does each alternative; the start, the code
 * of the step before, and what answers nothing get nothing, for the right reason; and each impostor loses points of its
 * own task and of no other.
 *
 * @param least - how many of each kind every task must have
 * @param mutating - are mutants of the reference tried, too? There are many
 */
export async function check(step: Step, least: Least, jobs?: number, mutating = true): Promise<Checked[]> {
  const known = [
    reference(step),
    start(step),
    ...previous(step),
    ...nothing(step),
    ...alternatives(step),
    ...impostors(step),
  ];
  const mutants = mutating ? mutantsOf(step) : [];
  const works = [...known, ...mutants.map((one) => ({ ...one, only: [one.task] }))];
  const grades = await grade(step, works, { seconds: PATIENCE, ...(jobs !== undefined && { jobs }) });
  const checked = known.map((one, index) => ({ name: one.name, wrong: one.wrong(grades[index] as Grade) }));
  const survivors = mutants.filter((_, at) => grades[known.length + at]?.tasks.some(({ state }) => state !== 'failed'));
  return [...checked, ...(mutating ? [killed(step, mutants, survivors, least)] : []), ...enough(step, least)];
}

function reference(step: Step): Known {
  return {
    name: 'the reference gets all points',
    files: step.sources,
    wrong: ({ tasks }) => [
      ...tasks.filter(({ state }) => state !== 'passed').map(told),
      ...tasks.filter(({ groups }) => groups.some(({ tests }) => tests === 0)).map(empty),
    ],
  };
}

function empty({ task, groups }: TaskGrade): string {
  const names = groups.filter(({ tests }) => tests === 0).map(({ name }) => JSON.stringify(name));
  return `task ${task.number} has no test in its group ${names.join(', ')}`;
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
      files: readFiles(step, bytes(join(ROOT, folder))),
      wrong: ({ tasks }) =>
        tasks
          .filter(({ score, task, story }) => score > 0 || !story?.cause.includes(`there is no ${folder}/${task.file}`))
          .map(told),
    },
  ];
}

const NOTHING = ['return undefined as never;', 'return [] as never;', 'return {} as never;'];

/** Groups have points of their own, and none of them may come for an answer that says nothing. */
function nothing(step: Step): Known[] {
  return NOTHING.map((body) => ({
    name: `"${body}" gets none`,
    files: step.tasks.reduce(
      (files, { number: task }) => withBody({ ...step, sources: files }, { task, body, imports: '' }),
      new Map(step.sources),
    ),
    wrong: ({ tasks }) => tasks.filter(({ score }) => score > 0).map(told),
  }));
}

function alternatives(step: Step): Known[] {
  return alternativesOf(step).map((one) => ({
    ...changed(step, one),
    name: `${one.name} gets all points: ${one.says}`,
    wrong: ({ tasks }) => tasks.filter(({ state }) => state !== 'passed').map(told),
  }));
}

function impostors(step: Step): Known[] {
  return impostorsOf(step).map((one) => ({
    ...changed(step, one),
    name: `${one.name} loses points of task ${one.task} alone: ${one.says}`,
    wrong: ({ tasks }) =>
      tasks
        .filter(({ task, state, story }) =>
          task.number === one.task ? state !== 'failed' || !story?.answered : state !== 'passed',
        )
        .map(told),
  }));
}

/** The reference with another body. Only the tasks are graded whose code differs: the others are known to be right. */
function changed(step: Step, body: Body): Omit<Work, 'name'> {
  const files = withBody(step, body);
  const [own, reference] = [ownOf(step, files), ownOf(step, step.sources)];
  const numbers = step.tasks.map(({ number }) => number);
  const only = numbers.filter((task) => task === body.task || !isDeepStrictEqual(own[task], reference[task]));
  return { files, only };
}

/** Survivors that are known to be right are no survivors; and what is known must be true. */
function killed(
  step: Step,
  mutants: readonly Mutant[],
  survivors: readonly Mutant[],
  { killed: least }: Least,
): Checked {
  const equivalents = equivalentsOf(step);
  const live = new Set(survivors.map(({ name }) => name));
  const stale = [...equivalents.keys()].filter((name) => !live.has(name));
  const missed = survivors.filter(({ name }) => !equivalents.has(name)).map(({ name }) => name);
  const most = mutants.length - (survivors.length - missed.length);
  const share = most === 0 ? 100 : (100 * (most - missed.length)) / most;
  return {
    name: `of ${most} mutants of the reference ${most - missed.length} lose points (${share.toFixed(1)} %)`,
    notes: missed.map((name) => `lives: ${name}`),
    wrong: [
      ...(share < least ? [`expected ${least} % at least`] : []),
      ...stale.map((name) => `test/equivalents.json has what doesn't live: ${name}`),
    ],
  };
}

function enough(step: Step, least: Least): Checked[] {
  if (step.tasks.length === 0) return [{ name: 'it has tasks', wrong: [`${step.name} has no "#region task …"`] }];
  const kinds = { impostors: impostorsOf(step), alternatives: alternativesOf(step) };
  return step.tasks.flatMap(({ number }) =>
    (['impostors', 'alternatives'] as const).map((kind) => {
      const found = kinds[kind].filter(({ task }) => task === number).length;
      const wrong = found < least[kind] ? [`it has ${found}: write more in ${step.name}'s test/${kind}`] : [];
      return { name: `task ${number} has ${least[kind]} ${kind} or more`, wrong };
    }),
  );
}

function told({ task, state, score, story, reason }: TaskGrade): string {
  const why = story ? `"${story.test}": ${story.came ?? ''} ${story.cause}` : (reason ?? '');
  return `task ${task.number} is ${state} with ${score} points: ${why}`;
}
