import { isUtf8 } from 'node:buffer';
import { inspect } from 'node:util';
import { createSyncFn, TsRunner } from 'synckit';
import type { Place } from '../isolation/place.ts';
import { type Answer, decode, encode, type ToGrader, type ToStudent } from '../wire.ts';
import type { Reply, Request } from './courier.ts';

/** What is graded: for each task, the sources of the step with the student's own file among them. */
export interface Submission {
  readonly place: Place;
  /** By absolute path: the step's sources as a student gets them, where every task asks the reference. */
  readonly sources: Readonly<Record<string, string>>;
  /** By task: the student's file, in which only this task is the student's; or why it can't be graded. */
  readonly own: Readonly<
    Record<number, { readonly path: string; readonly source: string } | { readonly wrong: string }>
  >;
  /** Seconds that all calls of a task may take together. */
  readonly seconds: number;
}

/** A call of the student's function, and what came of it, as text. */
export interface Ran {
  readonly call: string;
  readonly came: string;
  /** Whether it threw, was never written, or never answered. */
  readonly how: 'returned' | 'threw' | 'todo' | 'ended';
  /** Where in the student's file an error came from. */
  readonly at?: string;
  /** What the student's code printed meanwhile. */
  readonly printed: string;
  readonly isolation: string;
}

/** A student's code ended its process, or had to be stopped. */
export class Ended extends Error {
  override readonly name = 'Ended';
}

type Courier = (request: Request) => Reply;

/**
 * What the reference has to offer to a student's code that needs another task's function, by file. A worker loads the
 * step once for all of its test files, each of which has a StudentCode of its own.
 */
const references = new Map<string, Record<string, (...args: unknown[]) => unknown>>();

/** The student, as functions that can be called: each call is answered by a process of its own. */
export class StudentCode {
  #submission: Submission;
  #courier: Courier | undefined;
  #task: number | undefined;
  #wrong: Error | undefined;
  #left = 0;
  #printed = '';
  #isolation = '';
  /** The last call. */
  ran: Ran | undefined;

  constructor(submission: Submission) {
    this.#submission = submission;
  }

  /** Remembers the reference's functions of a file. */
  register(file: string, functions: Record<string, (...args: unknown[]) => unknown>): void {
    references.set(file, functions);
  }

  /** Calls a function of a task. @throws what it throws, and Ended */
  call(task: number, name: string, given: Iterable<unknown>): unknown {
    const args = [...given];
    const call = `${name}(${args.map(shown).join(', ')})`;
    let how: Ran['how'] = 'ended';
    let came = '';
    let at: string | undefined;
    this.#printed = '';
    try {
      const answer = this.#answer(task, call, { kind: 'call', function: name, args });
      if (answer.kind === 'threw') throw answer.error;
      [how, came] = ['returned', shown(answer.value)];
      return answer.value;
    } catch (error) {
      const { name: kind, message } = error as Error;
      if (kind !== Ended.name) how = kind === 'Todo' ? 'todo' : 'threw';
      came = `${kind}: ${message}`;
      at = this.#place(error as Error, task);
      throw error;
    } finally {
      const [printed, isolation] = [this.#printed, this.#isolation];
      this.ran = { call: short(call), came: short(came), how, ...(at !== undefined && { at }), printed, isolation };
    }
  }

  end(): void {
    this.#task = undefined;
    this.#courier?.({ kind: 'end' });
  }

  /** The first line of an error's stack that is in the student's file. */
  #place({ stack = '' }: Error, task: number): string | undefined {
    const file = this.#submission.own[task];
    if (!file || 'wrong' in file) return undefined;
    const from = stack.indexOf(`${file.path}:`);
    const place = from === -1 ? undefined : /^:(\d+)(?::\d+)?/.exec(stack.slice(from + file.path.length));
    return place ? `line ${place[1]}` : undefined;
  }

  #answer(task: number, call: string, request: ToStudent): Answer {
    if (this.#task !== task) this.#open(task);
    if (this.#wrong) throw this.#wrong;
    let message = this.#exchange(request, call);
    while (message.kind === 'reference') message = this.#exchange(this.#reference(message), call);
    if (message.kind === 'opened') throw new Ended(`${call} gave no answer that makes sense`);
    return message;
  }

  #open(task: number): void {
    const { own, sources, place, seconds } = this.#submission;
    this.#courier ??= createSyncFn(new URL('./courier.ts', import.meta.url), { tsRunner: TsRunner.Node }) as Courier;
    [this.#task, this.#left, this.#wrong] = [task, seconds * 1000, undefined];
    const file = own[task];
    if (!file || 'wrong' in file) {
      this.#wrong = new Ended(file?.wrong ?? `task ${task} isn't there`);
      return;
    }
    this.#isolation = this.#courier({ kind: 'start', place }).isolation ?? '';
    const opened = this.#exchange(
      { kind: 'open', sources: { ...sources, [file.path]: file.source }, own: file.path },
      'the file',
    );
    if (opened.kind === 'threw') this.#wrong = opened.error;
  }

  /** Says something to the process, and waits for what it says. One that has ended isn't started again for this task. */
  #exchange(message: ToStudent, what: string): ToGrader {
    const line = encode(message);
    const began = performance.now();
    const reply = this.#courier?.({ kind: 'say', line, milliseconds: Math.max(1, Math.ceil(this.#left)) });
    this.#left -= performance.now() - began;
    this.#printed += reply?.printed ?? '';
    if (reply?.line !== undefined) {
      try {
        return decode<ToGrader>(reply.line);
      } catch (error) {
        return { kind: 'threw', error: new TypeError(`the answer can't be read: ${(error as Error).message}`) };
      }
    }
    const how = reply?.ended?.replace('in time', `within the ${this.#submission.seconds} s that a task has`);
    this.#wrong = new Ended(`${what} ${how}`);
    throw this.#wrong;
  }

  #reference({ file, function: name, args }: ToGrader & { kind: 'reference' }): Answer {
    try {
      const called = references.get(file)?.[name];
      if (!called) throw new Error(`the reference has no ${name}`);
      return { kind: 'returned', value: called(...args) };
    } catch (error) {
      return { kind: 'threw', error: error as Error };
    }
  }
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value) && isUtf8(value)) return `Buffer.from(${JSON.stringify(value.toString())})`;
  return inspect(value, { depth: 4, compact: true, breakLength: Infinity, maxArrayLength: 20, maxStringLength: 120 });
}

function short(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
