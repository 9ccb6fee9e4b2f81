import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Grade, TaskGrade } from '../report/grade.ts';
import { letters, storyOf, titleOf } from '../report/story.ts';
import type { Step, Task } from '../step/step.ts';
import { workOf } from '../trusted/route.ts';
import { type Grading, tasksOf, testFiles, type Work } from './work.ts';

/** vitest's reporter: adds tests up to tasks. */
export class Tally implements Reporter {
  #step: Step;
  #works: readonly Work[];
  #grading: Grading;
  #expected = new Map<string, number>();
  #tests = new Map<string, TestCase[]>();
  #broken = new Map<string, string>();
  #order = new Map<string, number>();
  #ended = new Set<string>();
  #told = new Set<number>();
  isolation = '';

  constructor(step: Step, works: readonly Work[], grading: Grading) {
    [this.#step, this.#works, this.#grading] = [step, works, grading];
  }

  onTestModuleCollected(module: TestModule): void {
    for (const test of module.children.allTests()) {
      const key = keyOf(test);
      if (key) this.#expected.set(key, (this.#expected.get(key) ?? 0) + 1);
      this.#order.set(test.id, this.#order.size);
    }
  }

  onTestCaseResult(test: TestCase): void {
    const key = keyOf(test);
    if (!key) return;
    const list = this.#tests.get(key) ?? [];
    if (list.some(({ id }) => id === test.id)) return; // a skipped one is told again with its file
    this.#tests.set(key, [...list, test]);
    this.isolation ||= test.meta().ran?.isolation ?? '';
    const [index, number] = key.split(' ').map(Number);
    const [work, task] = [this.#works[index ?? -1], this.#step.tasks.find((one) => one.number === number)];
    if (work && task && list.length + 1 === this.#expected.get(key))
      this.#grading.onTask?.(work, this.#taskGrade(index ?? 0, task));
    this.#tellWork(index ?? -1);
  }

  onTestModuleEnd(module: TestModule): void {
    const [error] = module.errors();
    if (error) this.#broken.set(module.moduleId, error.message);
    this.#ended.add(module.moduleId);
    this.#tellWork(workOf(module.moduleId) ?? -1);
  }

  /** Tells a submission once it is whole: on a busy machine, the end of a file may come before the last of its tests. */
  #tellWork(index: number): void {
    const work = this.#works[index];
    if (!work || this.#told.has(index)) return;
    const tasks = tasksOf(this.#step, work);
    const files = testFiles(this.#step.directory, tasks);
    const ended = files.every((file) => this.#ended.has(`${file}?work=${index}`));
    if (!ended || !tasks.every((task) => this.#whole(index, task))) return;
    this.#told.add(index);
    this.#grading.onWork?.(work, this.grade(work, index, false));
  }

  #whole(index: number, task: Task): boolean {
    const key = `${index} ${task.number}`;
    return this.#expected.has(key) && this.#tests.get(key)?.length === this.#expected.get(key);
  }

  grade(work: Work, index: number, interrupted: boolean): Grade {
    const graded = tasksOf(this.#step, work);
    const tasks = graded.map((task) => this.#taskGrade(index, task));
    const broken = !graded.every((task) => this.#whole(index, task));
    return { name: work.name, step: this.#step, tasks, isolation: this.isolation, interrupted, broken };
  }

  #taskGrade(index: number, task: Task): TaskGrade {
    const key = `${index} ${task.number}`;
    const at = ({ id }: TestCase) => this.#order.get(id) ?? 0; // results may come in another order
    const all = [...(this.#tests.get(key) ?? [])].sort((a, b) => at(a) - at(b));
    const tests = this.#expected.get(key) ?? 0;
    const passed = all.filter((test) => test.result().state === 'passed').length;
    const failures = all.filter((test) => test.result().state === 'failed');
    const [failed] = failures;
    const skipped = all.find(hasNote);
    const printed = letters(all.map((test) => test.meta().ran?.printed ?? '').join('')).slice(0, 4096);
    const base = { task, passed, tests, printed, failed: failures.map((test) => titleOf(test)) };
    if (failed) return { ...base, score: 0, state: 'failed', story: storyOf(failed, task) };
    if (tests > 0 && passed === tests) return { ...base, score: task.points, state: 'passed' };
    return { ...base, score: 0, state: 'not graded', reason: this.#reason(index, task, skipped) };
  }

  #reason(index: number, task: Task, skipped: TestCase | undefined): string {
    const result = skipped?.result();
    if (result?.state === 'skipped' && result.note) return result.note;
    return (
      this.#broken.get(`${join(this.#step.directory, task.tests)}?work=${index}`) ??
      'the run ended before its tests did'
    );
  }
}

/** Submission and task of a test that belongs to one. */
function keyOf(test: TestCase): string | undefined {
  const { task } = test.meta();
  return task === undefined ? undefined : `${workOf(test.module.moduleId)} ${task}`;
}

/** A test that catches whatever is thrown is skipped all the same, but doesn't say why. */
function hasNote(test: TestCase): boolean {
  const result = test.result();
  return result.state === 'skipped' && result.note !== undefined;
}
