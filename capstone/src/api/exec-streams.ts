import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dup3, F_SETFL, fcntl, O_NONBLOCK, openPipe, perform } from 'shared-native';
import {
  closeHeld,
  type ExecOptions,
  execOptions,
  execPlan,
  holdPipe,
  letGo,
  readable,
  readNow,
  standardStreams,
  start,
  statusOf,
  whyNoExec,
} from 'step-10';
import { listenerFor } from '../command/exec/listener.ts';
import { foundFor } from '../commands.ts';
import type { ExecWish } from './exec-wish.ts';

/** A pipe between a stream of the program's and one of the command's. */
interface Connected {
  /** 0, 1 or 2. */
  readonly number: number;
  readonly theirs: number;
  readonly ours: number;
  /** Copies, until there is no more, or the command has ended; then our end is closed. @throws what the stream failed with */
  copy(over: AbortSignal): Promise<void>;
}

/** Runs a command whose standard streams are streams of Node's. @returns its exit status */
export async function execConnected(called: string, command: readonly string[], wish: ExecWish): Promise<number> {
  const record = await foundFor('exec', called);
  const { stdin, stdout, stderr, env = [], interactive = stdin !== undefined, ...flags } = wish;
  for (const [name, stream] of Object.entries({ stdout, stderr }))
    if (stream && !stream.writable)
      throw new Error(`${name}: expected a stream that can be written to, and this one has ended`);
  const asAsked = execOptions({ ...flags, env: [...env], interactive }, record.id, command);
  const connections = new Map<number, () => Connected>();
  if (stdin !== undefined) connections.set(0, () => reads(stdin));
  if (stdout) connections.set(1, () => writes(1, stdout));
  if (stderr) connections.set(2, () => writes(2, stderr));
  const options = { ...asAsked, pipes: [...new Set([...asAsked.pipes, ...connections.keys()])] };
  const listener = listenerFor(record);
  listener.begins(options);
  const ended = await run(options, connections);
  listener.ended(ended, options);
  const { output, lines } = whyNoExec(ended, options);
  if (output !== '') (stdout ?? process.stdout).write(output);
  for (const line of lines) (stderr ?? process.stderr).write(`boxstep: ${line}\n`);
  return statusOf(ended, options);
}

/** @param connections - make those of the command's streams that are streams of the program's, by their numbers */
async function run(options: ExecOptions, connections: ReadonlyMap<number, () => Connected>) {
  const plan = execPlan(options); // before anything is opened: it may find that there is no such user
  const connected = [...connections.values()].map((connect) => connect());
  const wanted = options.interactive ? [0, 1, 2] : [1, 2];
  const own = standardStreams(wanted.filter((stream) => !connections.has(stream)));
  const before = [...own.calls, ...connected.map(({ theirs, number }) => dup3(theirs, number))];
  const over = new AbortController();
  try {
    const joined = await start(plan, undefined, { guest: true, before }).catch((error) => {
      for (const { ours } of connected) closeHeld(ours);
      throw error;
    });
    const copied = Promise.all(connected.map(({ copy }) => copy(over.signal)));
    copied.catch(() => {}); // it is awaited below
    const arrived = own.copy(joined, () => {});
    for (const { theirs } of connected.splice(0)) closeSync(theirs);
    const ended = await joined.exited;
    over.abort();
    await arrived?.();
    await copied;
    return ended;
  } finally {
    for (const { theirs } of connected) closeSync(theirs);
    own.close();
  }
}

/** The pipe's end that is ours, and no child's: with a copy, a command would never come to the end of its input. */
function pipeTo(end: 0 | 1): { theirs: number; ours: number } {
  const pipe = openPipe();
  const ours = pipe[end];
  holdPipe(ours);
  return { ours, theirs: pipe[1 - end] as number };
}

function writes(number: number, to: Writable): Connected {
  const { ours, theirs } = pipeTo(0);
  perform(fcntl(ours, F_SETFL, O_NONBLOCK));
  const copy = (over: AbortSignal) => pipeline(Readable.from(pieces(ours, over)), to, { end: false });
  return { number, theirs, ours, copy };
}

/** What a command writes. When it has ended, what is there is all, though others may have its pipe open. */
async function* pieces(from: number, over: AbortSignal): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(65_536);
  try {
    for (;;) {
      const { aborted } = over;
      const length = readNow(from, buffer);
      if (length === 'closed' || (length === 'nothing yet' && aborted)) return;
      if (length === 'nothing yet') await readable(from, over);
      else yield Buffer.from(buffer.subarray(0, length));
    }
  } finally {
    closeHeld(from); // the command then has nobody to write to, either
  }
}

function reads(from: Readable | string | Uint8Array): Connected {
  const { ours, theirs } = pipeTo(1);
  const copy = async (over: AbortSignal) => {
    const source = from instanceof Readable ? from : Readable.from([Buffer.from(from)]);
    try {
      await pipeline(source, new HeldPipe(ours), { signal: over });
    } catch (error) {
      // The command has ended, or reads no more.
      if (!over.aborted && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    }
  };
  return { number: 0, theirs, ours, copy };
}

/** The end of a pipe that a stream writes to. It is let go before it is closed: by 'close', a child would have to close what isn't open. */
class HeldPipe extends Socket {
  readonly #fd: number;

  constructor(fd: number) {
    super({ fd, readable: false, writable: true });
    this.#fd = fd;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    letGo(this.#fd);
    super._destroy(error, done);
  }
}
