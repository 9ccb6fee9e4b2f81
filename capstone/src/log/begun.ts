import { bytesAt, type LogFile, type Place } from './files.ts';
import { type Frame, GAP, HEADER_BYTES, MARK_BYTES, parser, STDERR, STDOUT, type Stream } from './frames.ts';
import { type Line, lines } from './lines.ts';

const NEWLINE = 10;

/** Bytes of a line that it is worth to look back for. */
const MOST = 64 << 20;

// #region lines that have begun
/**
 * The lines that have begun before a frame of a log, one of each stream at the most: its last frames, from the last end of a
 * line on. They are searched for by their mark and their stream, without looking at what is between them.
 *
 * @returns undefined where only a reader of the whole log can tell
 */
export function begunAt(files: readonly LogFile[], place: Place): readonly Line[] | undefined {
  const output = sinceLineEnd(files, place, STDOUT);
  const errors = output && sinceLineEnd(files, place, STDERR);
  if (!output || !errors) return undefined;
  const byLast = [output, errors].sort((one, other) => rankOf(one) - rankOf(other)); // as a reader would have them
  return byLast.flatMap((its) => {
    const made = lines();
    for (const { frame } of its) made.take(frame);
    return made.begun();
  });
}
// #endregion

/** A frame, and where it is: the greater, the later it was written. */
interface Found {
  readonly frame: Frame;
  readonly rank: number;
}

function rankOf(its: readonly Found[]): number {
  return its.at(-1)?.rank ?? -1;
}

/** A stream's last frames before a place, the oldest first: the first one has the end of a line, or there is none. */
function sinceLineEnd(files: readonly LogFile[], place: Place, stream: Stream): Found[] | undefined {
  const found: Found[] = [];
  let bytes = 0;
  for (const one of framesBefore(files, place, stream)) {
    bytes += one.frame.bytes.length;
    if (bytes > MOST) return undefined;
    found.push(one);
    if (one.frame.bytes.includes(NEWLINE)) break;
  }
  return found.reverse();
}

/** A stream's whole frames before a place, the newest first. */
function* framesBefore(files: readonly LogFile[], place: Place, stream: Stream): Generator<Found> {
  for (let nth = files.indexOf(place.file); nth >= 0; nth--) {
    const file = files[nth] as LogFile;
    for (const at of headersBefore(file, file === place.file ? place.byte : file.size, stream)) {
      const frame = frameAt(file, at);
      if (frame !== GAP && frame.bytes.length > 0) yield { frame, rank: nth * 2 ** 45 + at };
    }
  }
}

const CHUNK = 1 << 20;

/** Where frames of a stream begin in a file before a byte, the last first. */
function* headersBefore(file: LogFile, byte: number, stream: Stream): Generator<number> {
  const wanted = Buffer.concat([file.mark, new Uint8Array(BigInt64Array.of(BigInt(stream)).buffer)]);
  for (let end = byte; end > 0; end -= CHUNK) {
    const start = Math.max(0, end - CHUNK);
    const bytes = bytesAt(file.fd, start, Math.min(end + wanted.length - 1, file.size) - start);
    for (let at = bytes.length; at > 0; ) {
      at = bytes.lastIndexOf(wanted, at - 1);
      if (at !== -1) yield start + at;
    }
  }
}

/** The frame that begins there; a gap, if it isn't whole: as a reader of the whole log finds it, which looks for the next mark. */
function frameAt({ fd, mark, size }: LogFile, at: number): Frame | typeof GAP {
  const header = bytesAt(fd, at, HEADER_BYTES);
  const length = header.length < HEADER_BYTES ? Infinity : Number(header.readBigInt64LE(HEADER_BYTES - 8));
  if (length < 0 || at + HEADER_BYTES + length > size) return GAP;
  const frames = parser();
  frames.begin(mark);
  const [frame = GAP] = frames.take(bytesAt(fd, at, HEADER_BYTES + length + MARK_BYTES - 1), true);
  return frame;
}
