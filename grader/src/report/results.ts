import type { Grade, TaskGrade } from './grade.ts';
import { storyLines, sum } from './terminal.ts';

/** What Gradescope reads: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (and results.schema.json). */
export interface Results {
  readonly score: number;
  readonly output: string;
  readonly visibility: 'visible';
  readonly tests: readonly Result[];
  /** The format has no place for these. */
  readonly extra_data: {
    readonly step: string;
    readonly max_score: number;
    readonly not_graded: number;
    readonly interrupted: boolean;
  };
}

interface Result {
  readonly name: string;
  readonly number: string;
  readonly score: number;
  readonly max_score: number;
  readonly status: 'passed' | 'failed';
  readonly output: string;
  readonly tags: readonly string[];
  readonly visibility: 'visible';
}

/** A grade as Gradescope's results.json. */
export function results(grade: Grade): Results {
  const { score, most, ungraded } = sum(grade);
  const { step, interrupted } = grade;
  return {
    score,
    output: output(grade),
    visibility: 'visible',
    tests: grade.tasks.map((one) => result(step.name, one)),
    extra_data: { step: step.name, max_score: most, not_graded: ungraded, interrupted },
  };
}

function output(grade: Grade): string {
  const { score, most, ungraded } = sum(grade);
  return [
    `${score} of ${most} points`,
    ...(ungraded > 0 ? [`${ungraded} points could not be graded`] : []),
    ...(grade.interrupted ? ['The run was interrupted.'] : []),
    ...(grade.isolation === '' ? [] : [`The code ran in ${grade.isolation}.`]),
  ].join('\n');
}

function result(step: string, one: TaskGrade): Result {
  const { task, score, state } = one;
  return {
    name: `task ${task.number}: ${task.title}`,
    number: String(task.number),
    score,
    max_score: task.points,
    status: state === 'passed' ? 'passed' : 'failed',
    output: told(one).join('\n'),
    tags: [step, `task-${task.number}`, ...(state === 'not graded' ? ['not-graded'] : [])],
    visibility: 'visible',
  };
}

/** What there is to say of a task in a report. */
export function told({ state, reason, story, passed, tests, printed }: TaskGrade): string[] {
  if (state === 'not graded') return [`not graded: ${reason}`];
  const counts = `${passed} of ${tests} tests pass`;
  return [counts, ...(story ? storyLines(story) : []), ...(printed === '' ? [] : ['the code printed:', printed])];
}
