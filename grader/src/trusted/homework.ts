import type { Own, StudentCode } from './student.ts';

/** Under this name the tests' process keeps what stands between the reference and the student. */
export const HOMEWORK = 'boxstep.homework';

/** What a test file that runs for a submission is given first. */
export interface HandedIn {
  readonly own: Own;
  /** From which the tests make their values. */
  readonly seed: string;
}

export interface Homework {
  /** The student's code, if the test that runs is of this task. */
  of(task: number): Pick<StudentCode, 'call'> | undefined;
  register: StudentCode['register'];
  handIn(work: HandedIn): void;
  readonly seed: string | undefined;
}
