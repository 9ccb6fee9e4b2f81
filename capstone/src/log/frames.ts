/** The streams of a container, as a frame numbers them. */
export const STDOUT = 1;
export const STDERR = 2;
export type Stream = typeof STDOUT | typeof STDERR;

/** The first frame of a file is no stream's. Its time says when something was lost last; 0 is never. */
const HEADER = 0;

/** Bytes of the mark that each frame of a log begins with. It is random, so no container can write it. */
export const MARK_BYTES = 16;

/** Of what comes before a frame's own bytes: mark, stream, seconds, nanoseconds, length. */
export const HEADER_BYTES = MARK_BYTES + 4 * 8;

/** Where in a file the time stands of what was lost. */
export const LOST_AT = MARK_BYTES + 8;

/** The first frame of a file. */
export function headerOf(mark: Uint8Array): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(mark);
  return header;
}

/** What a container wrote at once. */
export interface Frame {
  readonly stream: Stream;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly bytes: Uint8Array;
}

/** What is missing: a full disk had no room for it, or its writer died in it. */
export const GAP = 'gap';

/** What a file of a log holds, as its bytes come, in pieces of any length. */
export interface Parser {
  /**
   * @param isAll - is there no more at present? If there is, what may be the beginning of a mark is left for later
   * @returns the frames that are whole with these bytes
   */
  take(bytes: Uint8Array, isAll: boolean): (Frame | typeof GAP)[];
  /** To be called first where the bytes are not from the file's beginning on: with that. */
  begin(bytes: Uint8Array): void;
  /** How many bytes it has of a frame that isn't whole. */
  left(): number;
}

/**
 * Reads a file of a log. A frame that was cut short is a gap; the next mark is where the log goes on. One at the end may
 * become whole yet.
 */
export function parser(): Parser {
  let left = Buffer.alloc(0);
  let mark: Buffer | undefined;
  return {
    begin(bytes) {
      if (bytes.length >= MARK_BYTES) mark = Buffer.from(bytes.subarray(0, MARK_BYTES));
    },
    left: () => left.length,
    take(bytes, isAll) {
      left = Buffer.concat([left, bytes]);
      if (left.length < MARK_BYTES) return [];
      mark ??= Buffer.from(left.subarray(0, MARK_BYTES));
      const frames: (Frame | typeof GAP)[] = [];
      for (;;) {
        const start = left.indexOf(mark);
        if (start === -1) return frames;
        if (start > 0) frames.push(GAP); // the beginning of a mark, the rest of which had no room
        left = left.subarray(start);
        const next = left.indexOf(mark, MARK_BYTES);
        const end = endOf(left);
        const isWhole = end <= (next === -1 ? left.length - (isAll ? 0 : MARK_BYTES - 1) : next);
        if (!isWhole && next === -1) return frames;
        if (isWhole) frames.push(...frameIn(left.subarray(0, end)));
        else frames.push(GAP);
        left = left.subarray(isWhole ? end : next);
      }
    },
  };
}

/** Where the first frame ends, by its own account. */
function endOf(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) return Infinity;
  const length = Number(bytes.readBigInt64LE(HEADER_BYTES - 8));
  return length < 0 ? Infinity : HEADER_BYTES + length;
}

function frameIn(bytes: Buffer): (Frame | typeof GAP)[] {
  const stream = Number(bytes.readBigInt64LE(MARK_BYTES));
  if (stream === HEADER) return [];
  if (stream !== STDOUT && stream !== STDERR) return [GAP];
  return [{ stream, time: timeAt(bytes, MARK_BYTES + 8), bytes: bytes.subarray(HEADER_BYTES) }];
}

/** A struct timespec, in nanoseconds. */
export function timeAt(bytes: Buffer, at: number): bigint {
  return bytes.readBigInt64LE(at) * 1_000_000_000n + bytes.readBigInt64LE(at + 8);
}
