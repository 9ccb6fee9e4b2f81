/** Before each test file, in vitest's worker: from here on, the functions of the task that is tested are the student's. */
import { afterAll, afterEach, beforeEach, inject } from 'vitest';
import { HOMEWORK, type Homework } from './homework.ts';
import { StudentCode, type Submission } from './student.ts';

const STUDENT = Symbol.for('boxstep.student');

declare module 'vitest' {
  interface ProvidedContext {
    submission: Submission;
  }
}

/** A worker runs many test files, and this file before each. The student's process is started by a thread that stays. */
const kept = globalThis as { [key: symbol]: StudentCode | undefined };
kept[STUDENT] ??= new StudentCode(inject('submission'));
const student = kept[STUDENT];
let current: number | undefined;
let seed: string | undefined;

const homework: Homework = {
  of: (task) => (task === current ? student : undefined),
  register: (file, functions) => student.register(file, functions),
  handIn: (work) => {
    student.handIn(work.own);
    seed = work.seed;
  },
  get seed() {
    return seed;
  },
};
Object.defineProperty(globalThis, Symbol.for(HOMEWORK), { value: homework, configurable: true });

beforeEach(({ task, skip }) => {
  current = task.meta.task;
  student.skip = skip;
  student.ran = undefined;
});

afterEach(({ task }) => {
  current = undefined;
  if (student.ran) task.meta.ran = student.ran;
});

afterAll(() => student.end());
