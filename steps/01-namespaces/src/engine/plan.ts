import type { Call } from 'shared-native';
import type { Action } from './action.ts';

/** The namespaces, by their names in /proc/self/ns (namespaces(7)). */
export type Namespace = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'user' | 'uts';

/**
 * The stages of a program, in order, by what the process sees of the file tree:
 *
 * - `setup`: the host's tree.
 * - `enter`: the way into the container's.
 * - `inside`: absolute paths are the container's, and relative ones still the host's where `enter` kept hold of it.
 * - `leave`: lets go of the host's tree.
 * - `privileges`: gives up ids, capabilities and more.
 * - `exec`: becomes the user's program.
 */
export const STAGES = ['setup', 'enter', 'inside', 'leave', 'privileges', 'exec'] as const;
export type Stage = (typeof STAGES)[number];

/** The calls that a container's first process makes, by stage. */
export type Program = Readonly<Record<Stage, readonly Call[]>>;

/** What one step adds to the container of the step before. */
export interface Addition extends Partial<Program> {
  readonly namespaces?: readonly Namespace[];
  readonly actions?: readonly Action[];
  /** Files of the host's to be read when the process has ended, before anything is undone. */
  readonly readings?: readonly string[];
  /** Calls of this step's that open a descriptor of which the host takes a copy, such as a terminal's other end. */
  readonly takes?: readonly Call[];
  /** The stages that this step does in a way of its own: what earlier steps had there is left out. */
  readonly replaces?: readonly Stage[];
  /** Calls that come before those that earlier steps have in their stage. */
  readonly first?: Partial<Program>;
}

/** What a step added, as the plan remembers it. */
export interface Part {
  readonly step: string;
  readonly namespaces: readonly Namespace[];
  readonly actions: readonly Action[];
  readonly takes: readonly Call[];
  readonly first: Program;
  readonly program: Program;
}

/** A whole container before it exists. It is a plain value: print it, test it, compare it, run it. */
export interface Plan {
  /** The container's name, which no other running container has. */
  readonly name: string;
  /** What its first process is created in. */
  readonly namespaces: readonly Namespace[];
  /** What the host does around it, and undoes afterwards. */
  readonly actions: readonly Action[];
  /** Files that the host reads when the process has ended, before it undoes anything. */
  readonly readings: readonly string[];
  /** The calls that open a descriptor of which the host takes a copy; they are part of the program. */
  readonly takes: readonly Call[];
  /** What its first process does before it becomes the user's program. */
  readonly program: Program;
  /** The same by the step that added it. */
  readonly parts: readonly Part[];
}

const NO_CALLS: Program = { setup: [], enter: [], inside: [], leave: [], privileges: [], exec: [] };

/** A plan that does nothing: where step 01 starts from. */
export function emptyPlan(name: string): Plan {
  return { name, namespaces: [], actions: [], readings: [], takes: [], program: NO_CALLS, parts: [] };
}

/**
 * The same container with what a step adds to it: everything goes to the end of its stage, marked with the step, but for
 * what it has to do `first`.
 */
export function extend(plan: Plan, step: string, addition: Addition): Plan {
  const { namespaces = [], actions = [], readings = [], takes = [], replaces = [], first, ...calls } = addition;
  const left = (program: Program) => without(program, replaces);
  const kept = plan.parts.map((part) => ({ ...part, first: left(part.first), program: left(part.program) }));
  const added = { first: { ...NO_CALLS, ...first }, program: { ...NO_CALLS, ...calls } };
  const parts = [...kept, { step, namespaces, actions, takes, ...added }];
  return {
    name: plan.name,
    namespaces: [...new Set(parts.flatMap((part) => part.namespaces))],
    actions: parts.flatMap((part) => part.actions),
    readings: [...plan.readings, ...readings],
    takes: parts.flatMap((part) => part.takes),
    program: stages((stage) => callsByStep(parts, stage).flatMap(([, calls]) => calls)),
    parts,
  };
}

/** The calls of a stage in the order in which they are made, each lot with the step that added it. */
export function callsByStep(parts: readonly Part[], stage: Stage): (readonly [step: string, calls: readonly Call[]])[] {
  return [
    ...parts.toReversed().map(({ step, first }) => [step, first[stage]] as const),
    ...parts.map(({ step, program }) => [step, program[stage]] as const),
  ].filter(([, calls]) => calls.length > 0);
}

/** All calls of a program in the order in which they are made. */
export function inOrder(program: Program): Call[] {
  return STAGES.flatMap((stage) => program[stage]);
}

function without(program: Program, replaced: readonly Stage[]): Program {
  return stages((stage) => (replaced.includes(stage) ? [] : program[stage]));
}

function stages(calls: (stage: Stage) => readonly Call[]): Program {
  return Object.fromEntries(STAGES.map((stage) => [stage, calls(stage)])) as unknown as Program;
}
