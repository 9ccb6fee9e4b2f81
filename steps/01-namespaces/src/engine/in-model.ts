import { AT_FDCWD, type Call, close, mkdir, O_RDWR, openat, rmdir, tolerate, write } from 'shared-native';
import {
  type After,
  asParent,
  dissolveCgroup,
  errorOf,
  type Machine,
  ModelError,
  machine,
  type RunOptions,
  runIn,
  type State,
} from 'shared-native/model';
import { type Action, type Deed, kindOf, PID } from './action.ts';
import { directoriesTo } from './make-directories.ts';
import { cloneFlags, inOrder, type Plan } from './plan.ts';

/** A deed, and the error that it answered; none if it went well. */
export interface Done {
  readonly deed: Deed;
  readonly error?: string;
}

/** What a plan came to in the model of the kernel. */
export interface Modelled {
  /** The state of the machine, now. */
  readonly state: State;
  /** What the host did, up to the first deed that failed. */
  readonly deeds: readonly Done[];
  /** What the program came to; absent if a deed failed, and so nothing was started. */
  readonly after?: After;
}

/** How to run a plan in the model. */
export interface PlanRunOptions extends RunOptions {
  /** Is told of every deed, when the state is as it has left it. */
  readonly watchDeed?: (done: Done, state: State) => void;
}

/**
 * Makes a plan in the model of the kernel: what the host does before and while the process waits, and the process's
 * program. Nothing is undone: see `undoInModel`.
 *
 * @param on - what the machine is like, of which `clone` is the plan's own; or a whole state, with other containers
 * @param options - which calls are to fail, and who is told of each step
 */
export function inModel(plan: Plan, on: Machine | State = {}, options: PlanRunOptions = {}): Modelled {
  const joins = plan.program.join.length > 0;
  const clone = joins ? 0 : cloneFlags(plan.namespaces);
  const state = 'process' in on ? structuredClone(on) : machine({ ...on, clone });
  const deeds = (when: Action['when']) => plan.actions.filter((one) => one.when === when).flatMap((one) => one.do);
  const done: Done[] = [];
  const make = (when: Action['when']) => {
    for (const deed of deeds(when)) {
      if (hasFailed(done)) return;
      const one = carryOutInModel(state, deed);
      done.push(one);
      options.watchDeed?.(one, state);
    }
  };
  make('before');
  const adopt = () => make('adopt');
  if (!joins) adopt();
  if (hasFailed(done)) return { state, deeds: done };
  const { join } = plan.program;
  const waits = join[join.findIndex(({ name }) => name === 'clone') + 1]; // the child waits at the gate then: `cloneForking`
  const meanwhile = (call: Call) => {
    if (call === waits) adopt();
  };
  const after = runIn(state, inOrder(plan.program), { takes: plan.takes, meanwhile, ...options });
  return hasFailed(done) ? { state, deeds: done } : { state, deeds: done, after };
}

/** Carries out a kind of deed in the model, on the host. @throws {Errno} as the kernel would (`fail` of shared-native/model) */
export type InModel = (state: State, of: never, hostPid: number) => void;

const modelled = new Map<string, InModel>();

/** Says how a kind of deed that a later step adds is done in the model, where it's more than calls. */
export function modelDeed(kind: string, how: InModel): void {
  modelled.set(kind, how);
}

/** Undoes what a plan's actions did, the last first, all of it even if some fails. */
export function undoInModel(plan: Plan, state: State): Done[] {
  const deeds = plan.actions.toReversed().flatMap((action) => action.undo);
  return deeds.map((deed) => carryOutInModel(state, deed));
}

function hasFailed(done: readonly Done[]): boolean {
  return done.some(({ error }) => error !== undefined);
}

/** Carries one deed out, as the process that starts containers does: on the host. */
export function carryOutInModel(state: State, deed: Deed): Done {
  const { hostPid } = state.process;
  return asParent(state, () => {
    if (deed.deed === 'remove-cgroup') return result(deed, dissolveCgroup(state, deed.path));
    const how = deed.deed === 'other' ? modelled.get(deed.kind) : undefined;
    if (how && deed.deed === 'other')
      return result(
        deed,
        errorOf(() => how(state, deed.of as never, hostPid)),
      );
    const { failed } = runIn(state, callsFor(deed, hostPid));
    return result(deed, failed?.error);
  });
}

const result = (deed: Deed, error?: string): Done => ({ deed, ...(error && { error }) });

/** The calls that a deed comes to. */
function callsFor(deed: Deed, hostPid: number): Call[] {
  switch (deed.deed) {
    case 'mkdir':
      return directoriesTo(deed.path).map((path) => tolerate(mkdir(path, 0o777), 'EEXIST'));
    case 'write': {
      const file = openat(AT_FDCWD, deed.path.replaceAll(PID, String(hostPid)), O_RDWR);
      return [file, write(file, deed.text.replaceAll(PID, String(hostPid))), close(file)];
    }
    case 'rmdir':
      return [tolerate(rmdir(deed.path), 'any')]; // fine if it is gone, or not empty
    case 'other': {
      const calls = kindOf(deed.kind).calls?.(deed.of, hostPid);
      if (calls) return [...calls];
      throw new ModelError(`the deed "${deed.kind}" is not modelled`);
    }
    default:
      throw new ModelError(`the deed "${deed.deed}" is not modelled`);
  }
}
