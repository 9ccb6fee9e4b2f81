import type { Group } from '../step/declared.ts';
import type { Step, Task } from '../step/step.ts';
import type { Story } from './story.ts';

/** `not graded`: the run was cut short, or this machine lacks what a test needs. */
export type State = 'passed' | 'failed' | 'not graded';

/** How some tests went. */
export interface Outcome {
  readonly state: State;
  readonly passed: number;
  readonly tests: number;
  /** The points that were reached. */
  readonly score: number;
}

/** How a group of a task's tests went: all of its points if they pass, otherwise none. */
export interface GroupGrade extends Outcome, Group {}

/** How a task went. */
export interface TaskGrade extends Outcome {
  readonly task: Task;
  /** Its groups, if it has some: its score is theirs. */
  readonly groups: readonly GroupGrade[];
  /** Of its points, those that could not be graded. */
  readonly ungraded: number;
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
  /** From which the tests made their values. */
  readonly seed: string;
  /** What kept the student's code apart. */
  readonly isolation: string;
  readonly interrupted: boolean;
  /** Not all of its tests ran to their end: the worker that ran them broke down, say. */
  readonly broken: boolean;
}
