/**
 * The student's process. It is told the sources of the step, calls what it is asked to call, and writes the answers to
 * a pipe. Nothing of what it says is trusted: the questions come from grader/src/trusted/student.ts, in another process.
 */
import { readSync, writeSync } from 'node:fs';
import { type Answer, decode, encode, type ToGrader, type ToStudent } from '../wire/wire.ts';
import { serve } from './sources.ts';

const [REQUESTS, ANSWERS] = [3, 4];
const buffer = Buffer.alloc(65_536);
let pending = '';

/** The next line that the grader sends. It blocks: a function that waits for the reference is called synchronously. */
function read(): ToStudent {
  let end = pending.indexOf('\n');
  while (end === -1) {
    const length = readSync(REQUESTS, buffer);
    if (length === 0) process.exit(0);
    pending += buffer.toString('latin1', 0, length);
    end = pending.indexOf('\n', pending.length - length);
  }
  const line = pending.slice(0, end);
  pending = pending.slice(end + 1);
  return decode(Buffer.from(line, 'latin1').toString());
}

function write(message: ToGrader): void {
  const bytes = Buffer.from(`${encoded(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(ANSWERS, bytes, at);
}

function encoded(message: ToGrader): string {
  try {
    return encode(message);
  } catch (error) {
    const { message: what, path = '' } = error as Error & { path?: string };
    const text = `what it returns must be plain values, and ${path === '' ? 'this' : `its ${path}`} is not: ${what}`;
    return encode({ kind: 'threw', error: new TypeError(text) });
  }
}

/** Asks the grader for what the reference answers; until then, it may itself ask for something. */
function reference(file: string, name: string, args: Iterable<unknown>): unknown {
  write({ kind: 'reference', file, function: name, args: [...args] });
  for (;;) {
    const message = read();
    if (message.kind === 'returned') return message.value;
    if (message.kind === 'threw') throw message.error;
    if (message.kind === 'call') write(call(message.function, message.args));
  }
}

let exported: Record<string, unknown> = {};

function call(name: string, args: readonly unknown[]): Answer {
  try {
    const called = exported[name];
    if (typeof called !== 'function') throw new TypeError(`there is no exported function ${name}`);
    return { kind: 'returned', value: called(...args) };
  } catch (error) {
    return { kind: 'threw', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function open({ sources, written, own }: ToStudent & { kind: 'open' }): Promise<ToGrader> {
  try {
    exported = await import(serve(sources, written, own, process.argv[2] ?? ''));
    return { kind: 'opened' };
  } catch (error) {
    return { kind: 'threw', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

Object.defineProperty(globalThis, Symbol.for('boxstep.reference'), { value: reference });
for (;;) {
  const message = read();
  if (message.kind === 'open') write(await open(message));
  else if (message.kind === 'call') write(call(message.function, message.args));
}
