/** The streams of a container, as a frame numbers them. */
export const STDOUT = 1;
export const STDERR = 2;
export type Stream = typeof STDOUT | typeof STDERR;

/** Bytes of the mark that a log has at its beginning, and each of its frames again. It is random, so no container can write it. */
export const MARK_BYTES = 16;

/** Mark, stream, seconds, nanoseconds, length. */
const HEADER_BYTES = MARK_BYTES + 4 * 8;

/** What a container wrote at once. */
export interface Frame {
  readonly stream: Stream;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

/**
 * The frames of a log. One that was cut short, by a full disk or the death of its writer, is left out; the next mark is where
 * the log goes on.
 */
export function* framesIn(log: Buffer): Generator<Frame> {
  const mark = log.subarray(0, MARK_BYTES);
  if (mark.length < MARK_BYTES) return;
  for (let at = log.indexOf(mark, MARK_BYTES); at !== -1; ) {
    const next = log.indexOf(mark, at + MARK_BYTES);
    const frame = frameIn(log.subarray(at, next === -1 ? log.length : next));
    if (frame) yield frame;
    at = next;
  }
}

function frameIn(bytes: Buffer): Frame | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const [stream, seconds, nanoseconds, length] = [0, 8, 16, 24].map((at) =>
    Number(bytes.readBigInt64LE(MARK_BYTES + at)),
  );
  const text = bytes.subarray(HEADER_BYTES);
  if ((stream !== STDOUT && stream !== STDERR) || length === undefined || length > text.length) return undefined;
  // What follows the text is the beginning of a mark, the rest of which didn't fit.
  return { stream, time: (seconds ?? 0) * 1000 + (nanoseconds ?? 0) / 1e6, bytes: text.subarray(0, length) };
}
