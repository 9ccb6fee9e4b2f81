import {
  atLeast,
  CLOCK_REALTIME,
  clockGettime,
  dup3,
  F_GETFD,
  fcntl,
  type Graph,
  POLLFD_BYTES,
  POLLIN,
  ppoll,
  read,
  tolerate,
  WNOHANG,
  wait4,
  writev,
} from 'shared-native';
import { STDERR, STDOUT, type Stream } from './frames.ts';

/** Bytes that are read at once: a pipe has room for at least as many before its writer waits. */
const BUFFER_BYTES = 4096;

/** What a shim needs to write a container's log: descriptors, but for the mark. */
export interface Log {
  readonly file: number;
  /** What every frame of this file begins with. */
  readonly mark: Uint8Array;
  /** The ends to read from, without waiting, of the pipes that the container writes to. */
  readonly out: number;
  readonly err: number;
  /** The end to read from of a pipe that nobody writes to. */
  readonly silent: number;
  /** Its other end, which the shim keeps open so that reading never finds the end. */
  readonly open: number;
}

/** The descriptors of a log. */
export function descriptorsOf({ file, out, err, silent, open }: Log): number[] {
  return [file, out, err, silent, open];
}

/** What ppoll waits for: first the pidfd, which clone3 writes there. */
export function polled({ out, err }: Log): Uint8Array {
  const fds = Buffer.alloc(3 * POLLFD_BYTES);
  for (const [nth, fd] of [-1, out, err].entries()) {
    fds.writeInt32LE(fd, nth * POLLFD_BYTES);
    fds.writeInt16LE(POLLIN, nth * POLLFD_BYTES + 4);
  }
  return new Uint8Array(fds);
}

// #region the log
/**
 * Waits for what the container writes and for its end, and writes each piece down with its stream and the time. After the end it
 * looks once more: a process can write, and die, between two looks.
 */
export function logGraph(log: Log, fds: Uint8Array, status: Uint8Array, rusage: Uint8Array): Graph {
  const rooms = { buffer: new Uint8Array(BUFFER_BYTES), time: new Uint8Array(16) }; // one at a time has them
  const ended = tolerate(atLeast(wait4(-1, status, WNOHANG, rusage), 1), 'ECHILD');
  return {
    watch: { calls: [ppoll(fds)], next: 'stdout', other: 'stdout' },
    ...copy('stdout', log, STDOUT, rooms, 'stderr', 'stderr'),
    ...copy('stderr', log, STDERR, rooms, 'look for its end', 'look for its end'),
    'look for its end': { calls: [ended], next: 'rest of stdout', other: 'watch' },
    ...copy('rest of stdout', log, STDOUT, rooms, 'rest of stdout', 'rest of stderr'),
    ...copy('rest of stderr', log, STDERR, rooms, 'rest of stderr', 'write down'),
  };
}

/** Where a piece is read to, and the time. */
interface Rooms {
  readonly buffer: Uint8Array;
  readonly time: Uint8Array;
}

/** One read of a stream, and what becomes of it: then `next`, or where there was nothing, `done`. */
function copy(name: string, log: Log, stream: Stream, { buffer, time }: Rooms, next: string, done: string): Graph {
  const from = stream === STDOUT ? log.out : log.err;
  const piece = atLeast(read(from, buffer), 1);
  const frame = [{ room: log.mark }, new Uint8Array([stream, ...Array(7).fill(0)]), { room: time }, { result: piece }];
  return {
    [name]: { calls: [piece], next: `${name}: frame`, other: `${name}: none` },
    [`${name}: frame`]: {
      calls: [
        clockGettime(CLOCK_REALTIME, time),
        tolerate(writev(log.file, [...frame, { room: buffer, length: piece }]), 'any'), // on a full disk it is lost, and nobody waits
      ],
      next,
      other: next,
    },
    // 0, the end, is the number of a descriptor that is open, and that of an error isn't.
    [`${name}: none`]: { calls: [fcntl(piece, F_GETFD)], next: `${name}: end`, other: done },
    [`${name}: end`]: { calls: [tolerate(dup3(log.silent, from), 'any')], next: done }, // or every poll would find the end again
  };
}
// #endregion
