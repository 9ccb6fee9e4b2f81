import { join } from 'node:path';
import {
  BaseSequencer,
  createVitest,
  type Reporter,
  type TestCase,
  type TestModule,
  type TestSpecification,
  type Vitest,
} from 'vitest/node';
import { cleanUp } from './isolation/clean-up.ts';
import { ROOT, type Step, type Task } from './step.ts';
import { letters, type Story, storyOf, titleOf } from './story.ts';
import type { Files } from './submission.ts';
import { ownOf, setOf } from './submission.ts';
import { TAGS, tag } from './tags.ts';
import { handIn, route, workOf } from './trusted/route.ts';

/** Something to be graded. */
export interface Work {
  /** Its name in the report: the folder, or the student. */
  readonly name: string;
  readonly files: Files;
  /** The tasks to be graded, and told of; all, unless given. */
  readonly only?: readonly number[];
}

/** How a task went. */
export interface TaskGrade {
  readonly task: Task;
  /** All points if all tests pass, otherwise none. */
  readonly score: number;
  /** `not graded`: the run was cut short, or this machine lacks what a test needs. */
  readonly state: 'passed' | 'failed' | 'not graded';
  readonly passed: number;
  readonly tests: number;
  /** The tests that failed, as sentences. */
  readonly failed: readonly string[];
  /** Why it wasn't graded. */
  readonly reason?: string;
  /** The first test that failed. */
  readonly story?: Story;
  /** What the student's code printed: quoted, never read. */
  readonly printed: string;
}

/** How a submission went. It is a plain value, from which all reports are made. */
export interface Grade {
  readonly name: string;
  readonly step: Step;
  readonly tasks: readonly TaskGrade[];
  /** What kept the student's code apart. */
  readonly isolation: string;
  readonly interrupted: boolean;
  /** Not all of its tests ran to their end: the worker that ran them broke down, say. */
  readonly broken: boolean;
}

export interface Grading {
  /** How many test files run at once. */
  readonly jobs?: number;
  /** Seconds that a task's calls may take together. */
  readonly seconds?: number;
  /** Ends the run: what is done by then is in the grades. */
  readonly signal?: AbortSignal;
  /** Is told each task as its last test ends. */
  readonly onTask?: (work: Work, grade: TaskGrade) => void;
  /** Is told each submission as its last test file ends: a class takes a while. */
  readonly onWork?: (work: Work, grade: Grade) => void;
}

/**
 * Grades submissions of one step by the step's own tests, in one run of vitest: the test files run once for each
 * submission, in workers that stay. No code of a student's is loaded here or in those workers.
 */
export async function grade(step: Step, works: readonly Work[], grading: Grading = {}): Promise<Grade[]> {
  const results = new Results(step, works, grading);
  if (step.tasks.length > 0 && !grading.signal?.aborted) await run(step, works, results, grading);
  return works.map((work, index) => results.grade(work, index, grading.signal?.aborted ?? false));
}

async function run(step: Step, works: readonly Work[], results: Results, { jobs = 2, seconds, signal }: Grading) {
  const restore = keepSignals();
  const vitest = await createVitest(
    'test',
    { root: ROOT, config: false, watch: false, tagsFilter: ['task-*'] },
    {
      plugins: [route(step.directory), handIn((work) => ownOf(step, works[work]?.files ?? new Map()))],
      logLevel: 'error',
      test: {
        fsModuleCache: false, // it would keep sources as the plugin routes them, for every run of vitest
        pool: 'forks',
        maxWorkers: jobs,
        fileParallelism: jobs > 1,
        isolate: false,
        sequence: { sequencer: InOrder },
        reporters: [results],
        setupFiles: [join(import.meta.dirname, 'trusted/setup.ts')],
        include: testFiles(step.directory, step.tasks),
        tags: TAGS,
        testTimeout: 120_000,
        provide: { submission: setOf(step, seconds) },
      },
    },
  );
  restore();
  const project = vitest.getRootProject();
  const runs = works.flatMap((work, index) => {
    const tasks = tasksOf(step, work);
    const options = { testTagsFilter: [tasks.map(({ number }) => tag(number)).join(' or ')] };
    return testFiles(step.directory, tasks).map((file) =>
      project.createSpecification(`${file}?work=${index}`, options),
    );
  });
  const tooLong = AbortSignal.timeout(works.length * step.tasks.length * ((seconds ?? 10) + 20) * 1000);
  const stop = () => void vitest.cancelCurrentRun('keyboard-input');
  const end = AbortSignal.any(signal ? [signal, tooLong] : [tooLong]);
  end.addEventListener('abort', stop);
  try {
    await Promise.race([vitest.runTestSpecifications(runs), stopped(end)]);
  } finally {
    end.removeEventListener('abort', stop);
    if (end.aborted) await cleanUp();
    await closed(vitest);
  }
}

/** vitest would end the process at SIGINT and SIGTERM, before anything is reported: its handlers go as they come. */
function keepSignals(): () => void {
  const drop = (event: string | symbol, listener: () => void) => {
    if (event === 'SIGINT' || event === 'SIGTERM') queueMicrotask(() => process.off(event, listener));
  };
  process.on('newListener', drop);
  return () => void process.off('newListener', drop);
}

/** Settles a while after the signal: a test that waits for a student's code goes on until its time is over. */
function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 1000).unref()));
}

async function closed(vitest: Vitest): Promise<void> {
  await Promise.race([vitest.close(), new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
}

/** The tasks of a step that are graded of a submission. */
function tasksOf({ tasks }: Step, { only }: Work): readonly Task[] {
  return only ? tasks.filter(({ number }) => only.includes(number)) : tasks;
}

/** The files that hold tests of tasks. */
function testFiles(directory: string, tasks: readonly Task[]): string[] {
  return [...new Set(tasks.map(({ tests }) => join(directory, tests)))];
}

/** One submission after the other, so that the first are done soon. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

/** vitest's reporter: adds tests up to tasks. */
class Results implements Reporter {
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
