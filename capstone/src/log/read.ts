import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { changesIn } from '../changes.ts';
import { namesIn, openIfThere } from '../if-there.ts';
import { type Frame, GAP, LOST_AT, type Parser, parser, timeAt } from './frames.ts';

/** A place in a log: a file of it, which keeps its inode when it is renamed, and a byte there. */
export interface Position {
  readonly inode: number;
  readonly byte: number;
}

/** What is read of a log. */
export interface Reading {
  /** Where to begin; at its oldest unless given. */
  readonly from?: Position;
  /** Goes on until this settles, and what is there then is read. Without it, what is there now is all. */
  readonly until?: Promise<unknown>;
}

const CHUNK = 65_536;

/** Where a log ends now; undefined if there is none. */
export function endOfLog(path: string): Position | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && { inode: stat.ino, byte: stat.size };
}

/** The frames of a log, as many at once as one read has. @returns where it ended */
export async function* framesOf(path: string, reading: Reading): AsyncGenerator<Batch, Position | undefined> {
  const pieces = piecesOf(path, reading);
  try {
    let step = await pieces.next();
    for (; !step.done; step = await pieces.next()) yield step.value.frames;
    return step.value;
  } finally {
    await pieces.return(undefined);
  }
}

// #region following a log
/**
 * The frames of a log, and where in it they end. The container doesn't wait for a slow reader, since the log is a file. One that
 * is renamed meanwhile is read to its end, and then the next: those are opened as they come, and can be read though they are
 * removed.
 *
 * @returns where it ended
 */
export async function* piecesOf(path: string, { from, until }: Reading): AsyncGenerator<Piece, Position | undefined> {
  let file = openFrom(path, from);
  const coming: OpenFile[] = [];
  const openNext = () => {
    const last = coming.at(-1) ?? file;
    const next = coming.length === MOST_OPEN ? undefined : last ? last.following(path) : openFrom(path, undefined);
    if (next) coming.push(next);
    return next;
  };
  const openAll = () => {
    while (openNext());
  };
  const changes = until ? changesIn(dirname(path), openAll) : undefined;
  let over = until === undefined;
  const end = () => {
    over = true;
    changes?.wake();
  };
  until?.then(end, end);
  try {
    if (file?.hasGap) yield gapAt(file);
    for (;;) {
      const last = over;
      const change = changes?.next();
      if (file) yield* file.rest();
      if (coming.length > 0 || openNext()) {
        if (file) yield* ending(file);
        file = coming.shift() as OpenFile;
        if (file.hasGap) yield gapAt(file);
      } else if (last) {
        if (file?.lost()) yield gapAt(file);
        return file?.position();
      } else await change;
    }
  } finally {
    changes?.close();
    for (const one of [file, ...coming]) one?.close();
  }
}
// #endregion

/** How many files are open for a reader that is slow. */
const MOST_OPEN = 256;

/** What one read has. */
export type Batch = readonly (Frame | typeof GAP)[];

/** The same, and where in the log it ends. */
export interface Piece {
  readonly frames: Batch;
  readonly end: Position;
  /** Was there no more at that time? */
  readonly isAll: boolean;
}

function gapAt(file: OpenFile): Piece {
  return { frames: [GAP], end: file.position(), isAll: false };
}

/** A file of a log that is no longer written to: what came between the last look and its new name. */
function* ending(file: OpenFile): Generator<Piece> {
  yield* file.rest();
  if (file.lost()) yield gapAt(file);
  file.close();
}

interface OpenFile {
  /** What is there by now. */
  rest(): Generator<Piece>;
  /** Has its writer lost something, for want of room? */
  lost(): boolean;
  /** The file that comes after it, if it isn't the newest. */
  following(path: string): OpenFile | undefined;
  position(): Position;
  close(): void;
  /** Are there files missing before it? */
  readonly hasGap: boolean;
}

/** Opens a log where it is to be read from; where that is gone, and so at its oldest. */
function openFrom(path: string, from: Position | undefined): OpenFile | undefined {
  for (;;) {
    const names = filesOf(path);
    const at = from ? names.findIndex((name) => inodeOf(name) === from.inode) : 0;
    const name = names[Math.max(at, 0)];
    if (name === undefined) return undefined;
    const fd = openIfThere(name);
    if (fd === undefined) continue; // it was renamed just now
    return openFile(fd, name, from && at >= 0 ? from.byte : 0, from !== undefined && at < 0);
  }
}

function openFile(fd: number, name: string, start: number, hasGap: boolean): OpenFile {
  const opened = fstatSync(fd);
  if (!opened.isFile()) {
    closeSync(fd);
    throw new Error(`${name} is no file, so there is no log in it: remove it, and the next start begins a new one`);
  }
  const inode = opened.ino;
  const chunk = Buffer.alloc(CHUNK);
  const frames: Parser = parser();
  let at = start;
  if (start > 0) frames.begin(chunk.subarray(0, readSync(fd, chunk, 0, 16, 0)));
  const position = () => ({ inode, byte: at - frames.left() });
  return {
    hasGap,
    *rest() {
      for (let length = CHUNK; length === CHUNK; ) {
        length = readSync(fd, chunk, 0, CHUNK, at);
        at += length;
        const isAll = length < CHUNK;
        const batch = frames.take(chunk.subarray(0, length), isAll);
        if (batch.length > 0) yield { frames: batch, end: position(), isAll };
      }
    },
    lost: () => readSync(fd, chunk, 0, 16, LOST_AT) === 16 && timeAt(chunk, 0) !== 0n,
    following(path) {
      for (;;) {
        const names = filesOf(path);
        const its = names.findIndex((name) => inodeOf(name) === inode);
        const name = names[its + 1]; // the oldest, if it is gone itself
        if (name === undefined) return undefined;
        const next = openIfThere(name);
        if (next !== undefined) return openFile(next, name, 0, its < 0);
      }
    },
    position,
    close: () => closeSync(fd),
  };
}

/** The files of a log, the oldest first; none if they are gone, with a container that was run with --rm. */
export function filesOf(path: string): string[] {
  const name = basename(path);
  const numbers = namesIn(dirname(path)).flatMap((one) => {
    const number = one === name ? '0' : one.startsWith(`${name}.`) ? one.slice(name.length + 1) : '';
    return /^\d+$/.test(number) ? [Number(number)] : [];
  });
  const newestLast = numbers.sort((one, other) => other - one);
  const paths = newestLast.map((number) => join(dirname(path), number === 0 ? name : `${name}.${number}`));
  return paths.filter((path) => inodeOf(path) !== undefined); // a link to nothing would be looked for again and again
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
