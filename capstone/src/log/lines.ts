import { type Frame, GAP, type Stream } from './frames.ts';

/** A line of what a container wrote. */
export interface Line {
  readonly stream: Stream;
  /** When its first byte was written: nanoseconds since 1970. */
  readonly time: bigint;
  /** With the byte that ends it, unless it is the last, or longer than a line of docker's. */
  readonly bytes: Uint8Array;
  /** Is it the rest of one that was longer? */
  readonly goesOn: boolean;
}

/** Bytes of what docker takes for one line; the rest is another. */
const LONGEST = 16 * 1024;

const NEWLINE = 10;

/** Makes lines of frames, each stream's by themselves. */
export interface Lines {
  take(frame: Frame): Line[];
  /** What has begun and may go on: a line has no bytes if it is the rest of one that was as long as a line can be. */
  begun(): Line[];
  /** What has begun and doesn't go on. */
  rest(): Line[];
}

/** @param from - the lines that had begun where an earlier reader ended */
export function lines(from: readonly Line[] = []): Lines {
  const begun = new Map<Stream, Line>(from.map((line) => [line.stream, line]));
  return {
    begun: () => [...begun.values()],
    take({ stream, time, bytes }) {
      const all: Line[] = [];
      for (let left = bytes; left.length > 0; ) {
        const line = begun.get(stream) ?? { stream, time, bytes: new Uint8Array(0), goesOn: false };
        const end = left.indexOf(NEWLINE) + 1;
        const length = Math.min(end === 0 ? left.length : end, LONGEST - line.bytes.length);
        const its = left.subarray(0, length);
        const more = { ...line, bytes: line.bytes.length === 0 ? its : Buffer.concat([line.bytes, its]) };
        left = left.subarray(length);
        const isWhole = more.bytes.at(-1) === NEWLINE;
        begun.delete(stream);
        if (isWhole || more.bytes.length === LONGEST) all.push(more);
        else begun.set(stream, more);
        if (!isWhole && more.bytes.length === LONGEST)
          begun.set(stream, { stream, time, bytes: new Uint8Array(0), goesOn: true });
      }
      return all;
    },
    rest: () => [...begun.values()].filter(({ bytes }) => bytes.length > 0),
  };
}

/** The lines that become whole with some frames, and where some are missing. */
export function linesOf(frames: readonly (Frame | typeof GAP)[], made: Lines): (Line | typeof GAP)[] {
  return frames.flatMap((frame): (Line | typeof GAP)[] => (frame === GAP ? [GAP] : made.take(frame)));
}
