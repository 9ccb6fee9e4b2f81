import type { Step, Task } from '../step/step.ts';
import type { Story } from './story.ts';

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
