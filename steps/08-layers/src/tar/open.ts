import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, read } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { closeOnce, F_SETPIPE_SZ, fcntl, openPipe, perform, tolerate } from 'shared-native';
import { archiveContents, formatOf } from 'step-07';
import { giveBack } from './give-back.ts';

/** A tar archive that is being read. */
export interface OpenArchive {
  /** Its bytes, decompressed. A chunk is good until the next is asked for: all are read into the same memory. */
  readonly chunks: AsyncIterable<Buffer>;
  /** For a reader that stops before the end. */
  close(): void;
}

const reading = promisify(read);

const CHUNK = 1 << 18; // bytes

/** How much the kernel keeps of what was decompressed ahead. */
const AHEAD = 1 << 20; // bytes

/** The formats that Node decompresses, in another thread: gzip takes it little more than half as long as the program. */
const BY_NODE = ['gzip', 'zstd'];

/**
 * Opens a tar archive. If it's compressed, its decompression begins in another thread, or by a program in another process: so
 * two processors share the work, and what is done ahead of the reader is bounded by a buffer.
 *
 * @throws {Error} if it can't be read, or there is no program for its compression here; in the chunks, if it's damaged
 */
export function openArchive(path: string): OpenArchive {
  const format = formatOf(path);
  if (format !== undefined && BY_NODE.includes(format.name)) return inThread(archiveContents(path));
  const file = openSync(path, 'r');
  if (format === undefined) return opened(file, async () => {});
  const [from, to] = openPipe();
  perform(tolerate(fcntl(to, F_SETPIPE_SZ, AHEAD), 'any')); // no more is ahead then
  const [program, ...flags] = format.by;
  const child = spawn(program, flags, { stdio: [file, to, 'pipe'] });
  const ended = Promise.all([once(child, 'close'), text(child.stderr as Readable)]);
  ended.catch(() => {}); // the reader gets it
  for (const descriptor of [file, to]) closeSync(descriptor);
  if (child.pid === undefined) {
    closeSync(from);
    throw new Error(
      `it's compressed with ${format.name}, and there is no program ${program} here to decompress it: install it`,
    );
  }
  return opened(from, async () => {
    const [[status, signal], said] = await ended;
    const why = said.trim() || `${program} ended with ${signal ?? status}`;
    if (status !== 0) throw new Error(`its ${format.name} compression is damaged or cut short: ${why}`);
  });
}

/** The first chunk is decompressed now, and each other one while the one before it is being read. */
function inThread(contents: AsyncGenerator<Buffer>): OpenArchive {
  const first = contents.next();
  first.catch(() => {}); // the reader gets it
  return { chunks: givenBack(first, contents), close: () => void contents.return(undefined).catch(() => {}) };
}

async function* givenBack(first: Promise<IteratorResult<Buffer>>, rest: AsyncGenerator<Buffer>) {
  try {
    for (let next = await first; !next.done; next = await rest.next()) {
      yield next.value;
      giveBack(next.value);
    }
  } finally {
    await rest.return(undefined);
  }
}

function opened(descriptor: number, end: () => Promise<void>): OpenArchive {
  const close = closeOnce(descriptor);
  return { chunks: chunksOf(descriptor, end, close), close };
}

async function* chunksOf(descriptor: number, end: () => Promise<void>, close: () => void): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (;;) {
      const { bytesRead } = await reading(descriptor, chunk, 0, CHUNK, null);
      if (bytesRead === 0) return await end();
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    close(); // a program that has more to say gets SIGPIPE
  }
}
