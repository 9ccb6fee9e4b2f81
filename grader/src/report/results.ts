import type { Grade, GroupGrade, TaskGrade } from './grade.ts';
import { groupText, storyLines, sum } from './terminal.ts';

/** What Gradescope reads: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (and results.schema.json). */
export interface Results {
  readonly score: number;
  readonly output: string;
  readonly visibility: Visibility;
  readonly tests: readonly Result[];
  /** The format has no place for these. */
  readonly extra_data: {
    readonly step: string;
    readonly max_score: number;
    readonly not_graded: number;
    /** From which the tests made their values. */
    readonly seed: string;
    readonly interrupted: boolean;
  };
}

/** When students see it. */
export type Visibility = 'hidden' | 'after_due_date' | 'after_published' | 'visible';

export interface Result {
  readonly name: string;
  /** `2`, or `2.1` for the first group of task 2. */
  readonly number: string;
  readonly score: number;
  readonly max_score: number;
  readonly status: 'passed' | 'failed';
  readonly output: string;
  readonly tags: readonly string[];
  readonly visibility: Visibility;
}

/** A grade as Gradescope's results.json. */
export function results(grade: Grade): Results {
  const { score, most, ungraded } = sum(grade);
  const { step, interrupted, seed } = grade;
  return {
    score,
    output: output(grade),
    visibility: 'visible',
    tests: grade.tasks.flatMap((one) => resultsOf(step.name, one)),
    extra_data: { step: step.name, max_score: most, not_graded: ungraded, seed, interrupted },
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

/** A task, or each of its groups. */
function resultsOf(step: string, one: TaskGrade): Result[] {
  const { task, groups } = one;
  const title = `task ${task.number}: ${task.title}`;
  const base = { output: told(one).join('\n'), visibility: 'visible' as const };
  const result = (name: string, number: string, { state, score, points }: Omit<GroupGrade, 'name'>): Result => ({
    ...{ name, number, score, max_score: points, ...base },
    status: state === 'passed' ? 'passed' : 'failed',
    tags: [step, `task-${task.number}`, ...(state === 'not graded' ? ['not-graded'] : [])],
  });
  if (groups.length === 0) return [result(title, String(task.number), { ...one, points: task.points })];
  return groups.map((group, at) => result(`${title}: ${group.name}`, `${task.number}.${at + 1}`, group));
}

/** What there is to say of a task in a report. */
export function told({ state, reason, story, passed, tests, printed, groups }: TaskGrade): string[] {
  if (state === 'not graded') return [`not graded: ${reason}`];
  const counts = `${passed} of ${tests} tests pass`;
  return [
    counts,
    ...groups.map(groupText),
    ...(story ? storyLines(story) : []),
    ...(printed === '' ? [] : ['the code printed:', printed]),
  ];
}
