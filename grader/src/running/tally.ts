import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Grade, TaskGrade } from '../report/grade.ts';
import type { Step, Task } from '../step/step.ts';
import { seedOf } from '../submission/files.ts';
import { workOf } from '../trusted/route.ts';
import { taskGrade } from './task-grade.ts';
import { type Grading, tasksOf, testFiles, type Work } from './work.ts';

/** vitest's reporter: adds tests up to tasks. */
export class Tally implements Reporter {
  #step: Step;
  #works: readonly Work[];
  #grading: Grading;
  /** By submission and task: its tests in the order of the file, which results may not come in. */
  #tests = new Map<string, TestCase[]>();
  #ended = new Set<string>();
  #endedFiles = new Set<string>();
  #broken = new Map<string, string>();
  #told = new Set<number>();
  isolation = '';

  constructor(step: Step, works: readonly Work[], grading: Grading) {
    [this.#step, this.#works, this.#grading] = [step, works, grading];
  }

  onTestModuleCollected(module: TestModule): void {
    for (const test of module.children.allTests()) {
      const key = keyOf(test);
      if (key) this.#tests.set(key, [...(this.#tests.get(key) ?? []), test]);
    }
  }

  onTestCaseResult(test: TestCase): void {
    if (!keyOf(test)) return;
    this.#ended.add(test.id);
    this.isolation ||= test.meta().ran?.isolation ?? '';
    this.#tellWork(workOf(test.module.moduleId) ?? -1);
  }

  onTestModuleEnd(module: TestModule): void {
    const [error] = module.errors();
    if (error) this.#broken.set(module.moduleId, error.message);
    this.#endedFiles.add(module.moduleId);
    this.#tellWork(workOf(module.moduleId) ?? -1);
  }

  /** Tells a submission once it is whole: on a busy machine, the end of a file may come before the last of its tests. */
  #tellWork(index: number): void {
    const work = this.#works[index];
    if (!work || this.#told.has(index)) return;
    const tasks = tasksOf(this.#step, work);
    const files = testFiles(this.#step.directory, tasks);
    const ended = files.every((file) => this.#endedFiles.has(`${file}?work=${index}`));
    if (!ended || !tasks.every((task) => this.#whole(index, task))) return;
    this.#told.add(index);
    this.#grading.onWork?.(work, this.grade(work, index, false));
  }

  #whole(index: number, task: Task): boolean {
    const tests = this.#tests.get(`${index} ${task.number}`);
    return tests?.every(({ id }) => this.#ended.has(id)) ?? false;
  }

  grade(work: Work, index: number, interrupted: boolean): Grade {
    const graded = tasksOf(this.#step, work);
    return {
      name: work.name,
      step: this.#step,
      tasks: graded.map((task) => this.#taskGrade(index, task)),
      seed: this.#grading.seed ?? seedOf(work.files),
      isolation: this.isolation,
      interrupted,
      broken: !graded.every((task) => this.#whole(index, task)),
    };
  }

  #taskGrade(index: number, task: Task): TaskGrade {
    const tests = this.#tests.get(`${index} ${task.number}`) ?? [];
    const file = `${join(this.#step.directory, task.tests)}?work=${index}`;
    const cut = this.#broken.get(file) ?? 'the run ended before its tests did';
    return taskGrade(task, tests, ({ id }) => this.#ended.has(id), cut);
  }
}

/** Submission and task of a test that belongs to one. */
function keyOf(test: TestCase): string | undefined {
  const { task } = test.meta();
  return task === undefined ? undefined : `${workOf(test.module.moduleId)} ${task}`;
}
