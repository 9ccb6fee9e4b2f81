import colors from 'picocolors';
import type { Step } from '../step/step.ts';
import { shown, typed } from '../step/workspace.ts';
import type { Grade, GroupGrade, TaskGrade } from './grade.ts';

/** The report for a person: a line a task, and the story of each failure. */
export function terminal(grade: Grade): string {
  const { step, tasks, isolation, seed } = grade;
  const { score, most, ungraded } = sum(grade);
  const lost = ungraded > 0 ? `; ${ungraded} could not be graded` : '';
  return [
    colors.bold(`${step.name}, ${shown(grade.name)}`),
    '',
    ...tasks.flatMap((one) => [...line(one), ...groupLines(one), ...story(one, step), '']),
    colors.bold(`${score} of ${most} points${lost}`),
    ...(isolation === '' ? [] : [colors.dim(`Your code ran in ${isolation}. The tests' seed: ${seed}`)]),
    ...(score === 0 && tasks.every(({ story }) => story?.todo)
      ? [`Nothing is written yet: that this is red is expected.`]
      : []),
    '',
  ].join('\n');
}

/** A grade's points: those it has, those it could have, and those that could not be graded. */
export function sum({ tasks }: Grade): { score: number; most: number; ungraded: number } {
  const add = (list: readonly TaskGrade[], points: (one: TaskGrade) => number) =>
    list.reduce((a, one) => a + points(one), 0);
  return {
    score: add(tasks, ({ score }) => score),
    most: add(tasks, ({ task }) => task.points),
    ungraded: add(tasks, ({ ungraded }) => ungraded),
  };
}

const SIGNS = { passed: colors.green('✓'), failed: colors.red('✗'), 'not graded': colors.yellow('?') };

function line({ task, state, score, passed, tests, reason }: TaskGrade): string[] {
  const points = `${score} of ${task.points}`;
  const why = state === 'not graded' ? `not graded: ${reason}` : `${passed} of ${tests} tests`;
  return [`${SIGNS[state]} task ${task.number}  ${task.title.padEnd(28)} ${points.padStart(8)}  ${colors.dim(why)}`];
}

/** A line for each group, where some passed and some did not: otherwise the task's own line says it all. */
function groupLines({ groups }: TaskGrade): string[] {
  if (new Set(groups.map(({ state }) => state)).size < 2) return [];
  return groups.map((one) => `    ${SIGNS[one.state]} ${groupText(one)}`);
}

/** `rounding: 0 of 4 points, 3 of 5 tests` */
export function groupText({ name, score, points, passed, tests }: GroupGrade): string {
  return `${name}: ${score} of ${points} points, ${passed} of ${tests} tests`;
}

function story({ task, story, printed }: TaskGrade, step: Step): string[] {
  if (!story) return [];
  return storyLines(story)
    .concat(printed === '' ? [] : [`your code printed  ${JSON.stringify(printed.slice(0, 300))}`])
    .concat(colors.cyan(`a hint: ${typed('hint', step, task.number)}`))
    .map((text) => `    ${text}`);
}

/** A story as lines of text: what was run, expected, and came, and the likely cause. */
export function storyLines({ test, run, expected, came, cause, todo }: NonNullable<TaskGrade['story']>): string[] {
  if (todo) return [cause];
  const part = (name: string, text: string | undefined) =>
    text === undefined ? [] : `${name.padEnd(10)}${text.replaceAll('\n', `\n${' '.repeat(14)}`)}`;
  return [`"${test}"`, part('run', run), part('expected', expected), part('came', came), part('so', cause)].flat();
}
