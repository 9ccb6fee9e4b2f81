import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { createSyncFn, TsRunner } from 'synckit';
import { NOT_STARTED, type Place } from '../isolation/place.ts';
import { type Answer, encode, type ToGrader, type ToStudent } from '../wire/wire.ts';
import { decodeAnswer } from './answer.ts';
import type { Reply, Request } from './courier.ts';

/** What is the same for all submissions of a step. */
export interface Submission {
  readonly place: Place;
  /** By absolute path: the step's sources as a student gets them, where every task asks the reference. */
  readonly sources: Readonly<Record<string, string>>;
  /** Seconds that all calls of a task may take together. */
  readonly seconds: number;
}

/** By task: the student's file, in which only this task is the student's; or why it can't be graded. */
export type Own = Readonly<Record<number, OwnFile | { readonly wrong: string }>>;

export interface OwnFile {
  readonly path: string;
  readonly source: string;
  /** By path: modules of the student's that the step doesn't have. */
  readonly added: Readonly<Record<string, string>>;
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

/** The most characters of a student's output that are kept. */
const MOST_OUTPUT = 4096;

type Courier = (request: Request) => Reply;

/**
 * What the reference has to offer to a student's code that needs another task's function, by file. A worker loads the
 * step once for all of its test files, each of which has a StudentCode of its own.
 */
const references = new Map<string, Record<string, (...args: unknown[]) => unknown>>();

/** The student, as functions that can be called: each call is answered by a process of its own. */
export class StudentCode {
  #submission: Submission;
  #own: Own = {};
  #courier: Courier | undefined;
  #task: number | undefined;
  #wrong: Error | undefined;
  #left = 0;
  #printed = '';
  #isolation = '';
  /** The last call. */
  ran: Ran | undefined;
  /** Ends the test that runs, ungraded: it is nobody's fault but the machine's. */
  skip: (why: string) => void = () => {};

  constructor(submission: Submission) {
    this.#submission = submission;
  }

  /** From here on, another submission is graded. */
  handIn(own: Own): void {
    this.#own = own;
    this.#task = undefined;
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
    const file = this.#own[task];
    if (!file || 'wrong' in file) return undefined;
    const from = stack.indexOf(`${file.path}:`);
    const place = from === -1 ? undefined : /^:(\d+)(?::\d+)?/.exec(stack.slice(from + file.path.length));
    return place ? `line ${place[1]}` : undefined;
  }

  #answer(task: number, call: string, request: ToStudent): Answer {
    if (this.#task !== task) this.#open(task);
    if (this.#wrong) throw this.#wrong;
    const message = this.#converse(request, call);
    if (message.kind === 'returned' || message.kind === 'threw') return message;
    throw new Ended(`${call} gave no answer that makes sense`);
  }

  #open(task: number): void {
    const { sources, place, seconds } = this.#submission;
    this.#courier ??= createSyncFn(new URL('./courier.ts', import.meta.url), { tsRunner: TsRunner.Node }) as Courier;
    [this.#task, this.#left, this.#wrong] = [task, seconds * 1000, undefined];
    const file = this.#own[task];
    if (!file || 'wrong' in file) {
      this.#wrong = new Ended(file?.wrong ?? `task ${task} isn't there`);
      return;
    }
    this.#isolation = this.#courier({ kind: 'start', place }).isolation ?? '';
    const opened = this.#converse(
      { kind: 'open', sources, own: file.path, written: { ...file.added, [file.path]: file.source } },
      `loading ${basename(file.path)}`,
    );
    if (opened.kind === 'threw') this.#wrong = opened.error;
    else if (opened.kind !== 'opened')
      this.#wrong = new Ended(`loading ${basename(file.path)} gave no answer that makes sense`);
  }

  /** Asks the process, and answers what it asks meanwhile. */
  #converse(request: ToStudent, what: string): ToGrader {
    let message = this.#exchange(request, what);
    while (message.kind === 'reference') message = this.#exchange(this.#reference(message), what);
    return message;
  }

  /** Says something to the process, and waits for what it says. One that has ended isn't started again for this task. */
  #exchange(message: ToStudent, what: string): ToGrader {
    const line = encode(message);
    const began = performance.now();
    const reply = this.#courier?.({ kind: 'say', line, milliseconds: Math.max(0, Math.ceil(this.#left)) });
    this.#left -= performance.now() - began;
    this.#printed = (this.#printed + (reply?.printed ?? '')).slice(0, MOST_OUTPUT);
    if (reply?.line !== undefined) {
      try {
        return decodeAnswer(reply.line);
      } catch (error) {
        return { kind: 'threw', error: new TypeError(`the answer can't be read: ${(error as Error).message}`) };
      }
    }
    const how = reply?.ended ?? `did not end in ${this.#submission.seconds} s, all that a task has: an endless loop?`;
    if (how.startsWith(NOT_STARTED)) this.skip(`on this machine the code ${how}`);
    this.#wrong = new Ended(`${what} ${how}`);
    throw this.#wrong;
  }

  #reference({ file, function: name, args }: ToGrader & { kind: 'reference' }): Answer {
    const began = performance.now();
    try {
      const functions = references.get(file) ?? {};
      const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
      if (!called) throw new Error(`the reference has no ${name}`);
      return { kind: 'returned', value: within(this.#left, () => called(...args)) };
    } catch (error) {
      return { kind: 'threw', error: error as Error };
    } finally {
      this.#left -= performance.now() - began;
    }
  }
}

/** Calls a function that can be stopped: what a student's code gives it may be chosen to take for ever. */
function within<T>(milliseconds: number, called: () => T): T {
  try {
    return runInNewContext('called()', { called }, { timeout: Math.max(1, Math.ceil(milliseconds)) });
  } catch (error) {
    if (error instanceof Error) throw error;
    throw new Error('the reference did not answer in time', { cause: error }); // the context's own error, of its own class
  }
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value) && isUtf8(value)) return `Buffer.from(${JSON.stringify(value.toString())})`;
  return inspect(value, { depth: 4, compact: true, breakLength: Infinity, maxArrayLength: 20, maxStringLength: 120 });
}

function short(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
