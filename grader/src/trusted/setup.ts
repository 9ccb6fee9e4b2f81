/** Before each test file, in vitest's worker: from here on, the functions of the task that is tested are the student's. */
import { afterAll, afterEach, beforeEach, inject } from 'vitest';
import { HOMEWORK, type Homework } from './route.ts';
import { StudentCode, type Submission } from './student.ts';

declare module 'vitest' {
  interface ProvidedContext {
    submission: Submission;
  }
}

const student = new StudentCode(inject('submission'));
let current: number | undefined;

const homework: Homework = {
  of: (task) => (task === current ? student : undefined),
  register: (file, functions) => student.register(file, functions),
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
