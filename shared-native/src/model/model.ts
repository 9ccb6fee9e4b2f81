import { type Call, wentWell } from '../call.ts';
import { type Graph, straight, type Walk, walkOf } from '../graph.ts';
import { ERRNO } from '../kernel/errno.ts';
import { Arguments } from './arguments.ts';
import { Errno, ModelError, Waits } from './errors.ts';
import { HANDLERS } from './handlers.ts';
import { parameters } from './parameters.ts';
import { screened } from './process/seccomp.ts';
import type { State } from './state.ts';

/** What one call answered. */
export interface Answer {
  readonly call: Call;
  readonly index: number;
  /** The result; an errno with a minus sign for a call that failed. */
  readonly result: number;
  /** The error's name. */
  readonly error?: string;
  /** What the kernel wrote to the call's rooms, by the argument's name. The call itself stays as it is. */
  readonly filled?: Readonly<Record<string, Uint8Array>>;
}

/** What a program came to. */
export interface After {
  readonly state: State;
  /** The calls that were made; those after a call that failed were not. */
  readonly answers: readonly Answer[];
  /** The call that stopped the program: it failed with an error that it doesn't tolerate. */
  readonly failed?: Answer;
  /** `done`: all calls were made. `waiting`: the last one waits for what only another process could do. */
  readonly end: 'done' | 'failed' | 'executed' | 'exited' | 'killed' | 'waiting';
}

export interface RunOptions {
  /** Makes a call fail without being made: gives the name of an error, or nothing. */
  readonly fail?: (call: Call, index: number) => string | undefined;
  /** Calls that open a descriptor of which the host takes a copy as soon as it is there: a plan's `takes`. */
  readonly takes?: readonly Call[];
  /** Is told of each call that went well, before the next is made: what others do meanwhile. */
  readonly meanwhile?: (call: Call) => void;
  /** Is told of every answer, when the state is as the call has left it. */
  readonly watch?: (answer: Answer, state: State) => void;
}

/**
 * The kernel as a model: the third way to make calls, besides `perform` and `clone`. It needs no kernel and no root.
 *
 * ```ts
 * const after = model(machine({ tree: { '/srv/web/bin/sh': executable } })).run([chroot('/srv/web'), chdir('/')]);
 * after.end; // 'done', or what stopped it: after.failed?.error
 * after.answers[0]?.result; // 0
 * after.state.process.root; // and see queries.ts
 * ```
 *
 * The initial state is copied, so one can be run again and again.
 */
export function model(initial: State) {
  return {
    /**
     * Makes calls one after another, as the trampoline does: it stops at the first that fails with an error that it
     * doesn't tolerate, or goes its way through a graph, where a clone goes on as the new process.
     *
     * @throws {ModelError} for a call that is malformed, or that the model doesn't know: never a silent yes.
     */
    run: (program: readonly Call[] | Graph, options: RunOptions = {}): After =>
      run(structuredClone(initial), program, options),
  };
}

/** As `run`, but in the state itself, which is changed. */
export function runIn(state: State, program: readonly Call[] | Graph, options: RunOptions = {}): After {
  return run(state, program, options);
}

/**
 * The ways in which calls of a program can fail without stopping it, for `run` to inject one after another: each call
 * that tolerates an error, with that error; ENOENT for one that tolerates any.
 */
export function tolerated(
  calls: readonly Call[],
): { readonly call: Call; readonly error: string; readonly options: RunOptions }[] {
  return calls.flatMap((call) => {
    if (call.tolerates === undefined) return [];
    const error = call.tolerates === 'any' ? 'ENOENT' : call.tolerates;
    return [{ call, error, options: { fail: (one: Call) => (one === call ? error : undefined) } }];
  });
}

/** Does something as the process that started this one, which stays where it was: on the host. */
export function asParent<T>(state: State, doing: () => T): T {
  const { process, parent } = state;
  Object.assign(state, { process: parent, parent: process, isParents: true });
  try {
    return doing();
  } finally {
    Object.assign(state, { process, parent, isParents: false });
  }
}

/** More calls than any graph makes that comes to an end here: in the model nobody else changes what a circle waits for. */
const MOST_CALLS = 100_000;

function run(state: State, program: readonly Call[] | Graph, options: RunOptions): After {
  const { calls, next, other } = walk(program);
  for (const [index, call] of calls.entries()) assertCall(call, index);
  const results = new Map<Call, number>();
  const answers: Answer[] = [];
  const { process } = state;
  const { executed } = process;
  for (let index = 0; index < calls.length; ) {
    if (answers.length === MOST_CALLS) throw new ModelError('this program goes round in circles');
    const call = calls[index] as Call;
    const args = new Arguments(call, results);
    let answer: Answer;
    try {
      answer = { call, index, ...answerTo(state, call, args, options.fail?.(call, index)) };
    } catch (error) {
      if (error instanceof Waits) return { state, answers, end: 'waiting' };
      throw error;
    }
    answers.push(answer);
    results.set(call, answer.result);
    options.watch?.(answer, state);
    const taken = options.takes?.includes(call) ? process.descriptors.get(answer.result) : undefined;
    if (taken) taken.file.heldElsewhere = true;
    if (process.killed !== null) return { state, answers, end: 'killed' };
    if (process.exited !== null) return { state, answers, end: 'exited' };
    if (process.executed !== executed) return { state, answers, end: 'executed' };
    const went = wentWell(call, answer.result);
    index = went ? next(index) : other(index);
    if (!went && index === calls.length) return { state, answers, failed: answer, end: 'failed' };
    if (went) options.meanwhile?.(call);
  }
  return { state, answers, end: 'done' };
}

function walk(program: unknown): Walk {
  if (Array.isArray(program)) return straight(program);
  const nodes = typeof program === 'object' && program !== null ? Object.values(program) : [];
  if (nodes.length > 0 && nodes.every((node) => Array.isArray(node?.calls))) return walkOf(program as Graph);
  throw new ModelError('a program is a list of calls, or a graph');
}

function answerTo(state: State, call: Call, args: Arguments, injected?: string): Omit<Answer, 'call' | 'index'> {
  if (injected !== undefined) return refusal(injected);
  try {
    const result = screened(state, call, args) ?? HANDLERS[call.name](state, args);
    return Object.keys(args.filled).length > 0 ? { result, filled: args.filled } : { result };
  } catch (error) {
    if (error instanceof Errno) return refusal(error.code);
    throw error;
  }
}

function refusal(error: string): Pick<Answer, 'result' | 'error'> {
  const number = ERRNO[error];
  if (number === undefined) throw new ModelError(`there is no error called ${error}`);
  return { result: -number, error };
}

function assertCall(call: unknown, index: number): asserts call is Call {
  const { name, args, tolerates, least, exactly } = (
    typeof call === 'object' && call !== null ? call : {}
  ) as Partial<Call>;
  const wrong = (what: string) =>
    new ModelError(`call ${index + 1}${typeof name === 'string' ? ` (${name})` : ''} ${what}`);
  if (typeof name !== 'string' || typeof args !== 'object' || args === null) throw wrong('is no call');
  if (!parameters(name)) throw wrong('is none that the model knows');
  const fine = tolerates === undefined || tolerates === 'any' || Object.hasOwn(ERRNO, tolerates);
  if (!fine) throw wrong(`tolerates ${String(tolerates)}, which is no error`);
  for (const result of [least, exactly])
    if (result !== undefined && !Number.isSafeInteger(result))
      throw wrong(`has a ${result === least ? 'least' : 'one right'} result that is no whole number`);
}
