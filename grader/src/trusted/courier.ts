/**
 * A worker thread that holds the student's process, for a thread that must wait for it synchronously: the test calls a
 * function, and the function's answer comes from another process.
 */
import { StringDecoder } from 'node:string_decoder';
import { runAsWorker } from 'synckit';
import { STRONG, startContainer } from '../isolation/container.ts';
import type { Place, Student } from '../isolation/place.ts';
import { startProcess, WEAK } from '../isolation/process.ts';
import { LONGEST } from '../wire/wire.ts';

export type Request =
  | { readonly kind: 'start'; readonly place: Place }
  | { readonly kind: 'say'; readonly line: string; readonly milliseconds: number }
  | { readonly kind: 'end' };

/** What came back: a line, or why none will come, or neither in time; and what the student's code has printed since. */
export interface Reply {
  readonly line?: string;
  readonly ended?: string;
  readonly printed: string;
  /** What kept the student's process apart, if it has just been started. */
  readonly isolation?: string;
}

/** The most characters of a student's output that are kept. */
const MOST_OUTPUT = 4096;

let student: Student | undefined;
let isolation = '';
let lines: string[] = [];
let ended: string | undefined;
let printed = '';
let wake = () => {};

process.removeAllListeners('warning'); // of descriptors that koffi opened and Node closes

runAsWorker(async (request: Request): Promise<Reply> => {
  if (request.kind === 'say') return say(request.line, request.milliseconds);
  await end();
  if (request.kind === 'start') await begin(request.place);
  return { printed: taken(), isolation };
});

async function begin(place: Place): Promise<void> {
  [lines, ended] = [[], undefined];
  const started = await startSafely(place);
  student = started;
  const here = () => student === started;
  started.ended.then((how) => {
    if (here()) ended ??= how;
    wake();
  });
  started.requests.on('error', () => {}); // EPIPE: it has ended, and `ended` tells
  splitLines(started, (line) => {
    if (!here() || ended !== undefined) return;
    if (lines.push(line) > 1) stop('said more than it was asked');
    wake();
  });
  for (const output of started.output) {
    const decoder = new StringDecoder();
    output.on('error', () => {});
    output.on('data', (bytes: Buffer) => {
      if (here() && printed.length < MOST_OUTPUT) printed = (printed + decoder.write(bytes)).slice(0, MOST_OUTPUT);
    });
  }
}

/** As root in a container; where none can be made, and without root, in a process of its own. */
async function startSafely(place: Place): Promise<Student> {
  if (process.geteuid?.() === 0 && !isolation.startsWith(WEAK)) {
    try {
      const started = await startContainer(place);
      isolation = STRONG;
      return started;
    } catch (error) {
      isolation = `${WEAK}: no container can be made here: ${(error as Error).message}`;
    }
  } else if (isolation === '') {
    isolation = `${WEAK}, since this isn't root`;
  }
  return startProcess(place);
}

/** A line for a line. No `ended` and no line: the time is over. */
async function say(line: string, milliseconds: number): Promise<Reply> {
  if (lines.length > 0) stop('said something that it was not asked');
  const timeout = AbortSignal.timeout(milliseconds);
  student?.requests.write(`${line}\n`);
  while (lines.length === 0 && ended === undefined && !timeout.aborted) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      timeout.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  const answer = lines.shift();
  if (answer !== undefined) return { line: answer, printed: taken() };
  const reply = ended === undefined ? {} : { ended };
  await end();
  return { ...reply, printed: taken() };
}

/** Ends what breaks the rules. */
function stop(why: string): void {
  [lines, ended] = [[], why];
  student?.kill();
}

async function end(): Promise<void> {
  const last = student;
  student = undefined;
  last?.kill();
  await last?.ended;
  for (const stream of last ? [last.requests, last.answers, ...last.output] : []) stream.destroy();
}

function taken(): string {
  const text = printed;
  printed = '';
  return text;
}

/** Each line of the answers. One that has no end ends the process: its memory would be ours. */
function splitLines({ answers }: Student, line: (text: string) => void): void {
  const decoder = new StringDecoder();
  let rest = '';
  answers.on('error', () => {});
  answers.on('data', (bytes: Buffer) => {
    const parts = (rest + decoder.write(bytes)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) line(part);
    if (rest.length > LONGEST * 2) [rest] = ['', stop('said more than can be read')];
  });
}
