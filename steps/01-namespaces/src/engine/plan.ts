import { type Call, goOnInChild, PR_SET_DUMPABLE, prctl } from 'shared-native';
import type { Action } from './action.ts';
import { cloneFlags, type Namespace } from './namespaces.ts';

export { cloneFlags, type Namespace } from './namespaces.ts';

/**
 * The stages of a program, in order, by what the process sees of the file tree:
 *
 * - `join`: the host's tree, for a process that goes before: it enters namespaces of others, and all that follows is done
 *   by a child of it, which is born into them. Empty for a container that joins nothing.
 * - `setup`: the host's tree.
 * - `enter`: the way into the container's.
 * - `inside`: absolute paths are the container's, and relative ones still the host's where `enter` kept hold of it.
 * - `leave`: lets go of the host's tree.
 * - `privileges`: gives up ids, capabilities and more.
 * - `exec`: becomes the user's program.
 */
export const STAGES = ['join', 'setup', 'enter', 'inside', 'leave', 'privileges', 'exec'] as const;
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
  /** What earlier steps have, and this container is not to have. */
  readonly without?: Without;
  /** The calls, one or several, that replace a call of earlier steps. The same one, or undefined, keeps it. */
  instead?(call: Call, stage: Stage): Call | readonly Call[] | undefined;
  /** Whose namespaces it enters, by calls in its `join`. */
  readonly joins?: readonly Joined[];
  /** Does a process that joins go on after the one that starts it has ended? */
  readonly outlives?: boolean;
  /** Calls that come before those that earlier steps have in their stage. */
  readonly first?: Partial<Program>;
}

/** What earlier steps have, and a container is not to have. */
export interface Without {
  /** It stays in those of the process that starts it, or joins others. */
  readonly namespaces?: readonly Namespace[];
  /** Says of what the host does whether to leave it out. */
  actions?(action: Action): boolean;
  /** Says of a call whether to leave it out. */
  calls?(call: Call, stage: Stage): boolean;
}

/** A process whose namespaces a container joins. */
export interface Joined {
  /** The container whose first process it is. */
  readonly name: string;
  readonly pid: number;
  /** When it started: proc_pid_stat(5). No other process has had this number since this time. */
  readonly started: string;
  readonly namespaces: readonly Namespace[];
}

/** What a step added, as the plan remembers it. */
export interface Part {
  readonly step: string;
  readonly namespaces: readonly Namespace[];
  readonly actions: readonly Action[];
  readonly takes: readonly Call[];
  readonly joins: readonly Joined[];
  readonly outlives: boolean;
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
  /** Whose namespaces it enters. */
  readonly joins: readonly Joined[];
  /** What its first process does before it becomes the user's program. */
  readonly program: Program;
  /** The same by the step that added it. */
  readonly parts: readonly Part[];
}

const NO_CALLS: Program = { join: [], setup: [], enter: [], inside: [], leave: [], privileges: [], exec: [] };

/** A plan that does nothing: where step 01 starts from. */
export function emptyPlan(name: string): Plan {
  return { name, namespaces: [], actions: [], readings: [], takes: [], joins: [], program: NO_CALLS, parts: [] };
}

/**
 * The same container with what a step adds to it: everything goes to the end of its stage, marked with the step, but for
 * what it has to do `first`. In `exec`, that end is before execve, which no call comes after.
 */
export function extend(plan: Plan, step: string, addition: Addition): Plan {
  const { namespaces = [], actions = [], readings = [], takes = [], joins = [], outlives = false, ...rest } = addition;
  const { replaces, without = {}, instead, first, ...calls } = rest;
  const put = (call: Call, stage: Stage) => inPlaceOf(call, instead?.(call, stage), step);
  const left = (program: Program) =>
    stages((stage) => leftOf(program[stage], stage, addition).flatMap((call) => put(call, stage)));
  const kept = plan.parts.map((part) => ({
    ...part,
    namespaces: part.namespaces.filter((one) => !without.namespaces?.includes(one)),
    actions: part.actions.filter((one) => !without.actions?.(one)),
    first: left(part.first),
    program: left(part.program),
  }));
  const added = { first: { ...NO_CALLS, ...first }, program: { ...NO_CALLS, ...calls } };
  const parts = [...kept, { step, namespaces, actions, takes, joins, outlives, ...added }];
  return {
    name: plan.name,
    namespaces: namespacesOf(parts),
    actions: parts.flatMap((part) => part.actions),
    readings: [...plan.readings, ...readings],
    takes: parts.flatMap((part) => part.takes),
    joins: parts.flatMap((part) => part.joins),
    program: stages((stage) => callsByStep(parts, stage).flatMap(([, calls]) => calls)),
    parts,
  };
}

/** The step that put a call in the place of another's. */
const putBy = new WeakMap<Call, string>();

function inPlaceOf(call: Call, put: Call | readonly Call[] | undefined, step: string): readonly Call[] {
  const calls = put === undefined ? [call] : 'name' in put ? [put] : put;
  for (const other of calls) if (other !== call) putBy.set(other, step);
  return calls;
}

/** The calls of a stage in the order in which they are made, each lot with the step that added it. */
export function callsByStep(parts: readonly Part[], stage: Stage): Lot[] {
  const calls = [
    ...parts.toReversed().map(({ step, first }) => [step, first[stage]] as const),
    ...parts.map(({ step, program }) => [step, program[stage]] as const),
  ].flatMap(([step, calls]) => lots(step, calls));
  if (stage === 'exec') return execveLast(calls);
  const [last] = calls.at(-1) ?? [];
  return stage === 'join' && last !== undefined ? [...calls, [last, bornInside(parts)]] : calls;
}

type Lot = readonly [step: string, calls: readonly Call[]];

/** The calls that a part has in a stage, and between them those that a later step put there. */
function lots(step: string, calls: readonly Call[]): Lot[] {
  const all: [string, Call[]][] = [];
  for (const call of calls) {
    const by = putBy.get(call) ?? step;
    if (all.at(-1)?.[0] === by) all.at(-1)?.[1].push(call);
    else all.push([by, [call]]);
  }
  return all;
}

function execveLast(lots: readonly Lot[]): Lot[] {
  const split = lots.map(([step, calls]) => {
    const at = calls.findIndex(({ name }) => name === 'execve' || name === 'execveat');
    return [step, at < 0 ? calls : calls.slice(0, at), at < 0 ? [] : calls.slice(at)] as const;
  });
  return [
    ...split.map(([step, before]) => [step, before] as const),
    ...split.map(([step, , execve]) => [step, execve] as const),
  ].filter(([, calls]) => calls.length > 0);
}

// #region born inside
/**
 * The end of `join`: a child is born into the namespaces that were entered, and goes on. From here on, processes of the
 * container see it, and it shares this runtime's memory until execve: so first, nobody may look into that any more.
 */
function bornInside(parts: readonly Part[]): Call[] {
  const outlives = parts.some((part) => part.outlives);
  return [prctl(PR_SET_DUMPABLE, 0), ...goOnInChild(cloneFlags(namespacesOf(parts)), outlives)];
}
// #endregion

function namespacesOf(parts: readonly Part[]): Namespace[] {
  return [...new Set(parts.flatMap((part) => part.namespaces))];
}

/** All calls of a program in the order in which they are made. */
export function inOrder(program: Program): Call[] {
  return STAGES.flatMap((stage) => program[stage]);
}

/** What a step leaves of the calls that earlier ones have in a stage. */
function leftOf(calls: readonly Call[], stage: Stage, { replaces, without }: Addition): readonly Call[] {
  if (replaces?.includes(stage)) return [];
  return without?.calls ? calls.filter((call) => !without.calls?.(call, stage)) : calls;
}

function stages(calls: (stage: Stage) => readonly Call[]): Program {
  return Object.fromEntries(STAGES.map((stage) => [stage, calls(stage)])) as unknown as Program;
}
