import type { TestCase } from 'vitest/node';
import type { GroupGrade, Outcome, TaskGrade } from '../report/grade.ts';
import { letters, storyOf, titleOf } from '../report/story.ts';
import type { Task } from '../step/step.ts';

/**
 * How a task went, by its tests.
 *
 * @param tests - all that were collected, in the order of the file
 * @param ended - whether one has run to its end; the others never will
 * @param cut - why a test may not have ended, or none was collected
 */
export function taskGrade(
  task: Task,
  tests: readonly TestCase[],
  ended: (test: TestCase) => boolean,
  cut: string,
): TaskGrade {
  const done = tests.filter(ended);
  const groups = groupGrades(task, tests, ended);
  const whole = outcome(task.points, tests, ended);
  const failures = done.filter(isFailed);
  const printed = letters(done.map((test) => test.meta().ran?.printed ?? '').join('')).slice(0, 4096);
  const add = (points: (one: GroupGrade) => number) => groups.reduce((all, one) => all + points(one), 0);
  const [failed] = failures;
  return {
    ...whole,
    task,
    groups,
    score: groups.length > 0 ? add(({ score }) => score) : whole.score,
    ungraded: groups.length > 0 ? add(ungraded) : ungraded({ ...whole, points: task.points }),
    failed: failures.map((test) => titleOf(test)),
    printed,
    ...(failed && { story: storyOf(failed, task) }),
    ...(whole.state === 'not graded' && { reason: noteOf(done) ?? cut }),
  };
}

/** Tests outside of all groups are a condition of each. */
function groupGrades({ groups }: Task, tests: readonly TestCase[], ended: (test: TestCase) => boolean): GroupGrade[] {
  const of = (name: string | undefined) => tests.filter((test) => test.meta().group === name);
  const condition = outcome(0, of(undefined), ended);
  return groups.map(({ name, points }) => {
    const own = outcome(points, of(name), ended);
    if (condition.tests === 0 || condition.state === 'passed' || own.state === 'failed')
      return { ...own, name, points };
    return { ...own, name, points, state: condition.state, score: 0 };
  });
}

/** All points if all tests pass, otherwise none. */
function outcome(points: number, tests: readonly TestCase[], ended: (test: TestCase) => boolean): Outcome {
  const done = tests.filter(ended);
  const passed = done.filter((test) => test.result().state === 'passed').length;
  const counts = { passed, tests: tests.length };
  if (done.some(isFailed)) return { ...counts, state: 'failed', score: 0 };
  if (tests.length > 0 && passed === tests.length) return { ...counts, state: 'passed', score: points };
  return { ...counts, state: 'not graded', score: 0 };
}

function ungraded({ state, points }: Pick<GroupGrade, 'state' | 'points'>): number {
  return state === 'not graded' ? points : 0;
}

function isFailed(test: TestCase): boolean {
  return test.result().state === 'failed';
}

/** Why a test was skipped. One that catches whatever is thrown is skipped all the same, but doesn't say why. */
function noteOf(tests: readonly TestCase[]): string | undefined {
  const notes = tests.flatMap((test) => {
    const result = test.result();
    return result.state === 'skipped' && result.note ? [result.note] : [];
  });
  return notes[0];
}
