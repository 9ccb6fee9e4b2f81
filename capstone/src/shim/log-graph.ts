import {
  atLeast,
  type Call,
  CLOCK_REALTIME,
  clockGettime,
  close,
  dup3,
  F_GETFD,
  fcntl,
  type Graph,
  lseek,
  O_CLOEXEC,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  openat,
  POLLFD_BYTES,
  POLLIN,
  ppoll,
  pwrite64,
  read,
  renameat2,
  SEEK_END,
  tolerate,
  WNOHANG,
  wait4,
  writev,
} from 'shared-native';
import { LOST_AT, STDERR, STDOUT, type Stream } from '../log/frames.ts';
import { CONTAINER } from './descriptors.ts';

/** What a shim needs to write a container's log: descriptors, but where it says otherwise. */
export interface Log {
  readonly file: number;
  /** What every frame of this log begins with. */
  readonly mark: Uint8Array;
  /** What a file of this log begins with. */
  readonly header: Uint8Array;
  /** The ends to read from, without waiting, of what the container writes to; a terminal has no second. */
  readonly out: number;
  readonly err?: number;
  /** Bytes that are read at once: a pipe has room for at least 4096 before its writer waits. */
  readonly bufferBytes: number;
  readonly rotation?: Rotation;
}

/** When a log goes on in a new file. */
export interface Rotation {
  /** Its directory. */
  readonly directory: number;
  /** The names of its files there, the newest first: what grows out of the last is lost. */
  readonly names: readonly string[];
  /** Bytes from which on a file is full. */
  readonly maxSize: number;
}

/** The descriptors of a log that exist before the shim does. */
export function descriptorsOf({ file, out, err, rotation }: Log): number[] {
  const all = [file, out, err, rotation?.directory];
  return all.filter((fd) => fd !== undefined && fd > 2) as number[];
}

/** What ppoll waits for: first the pidfd, which clone3 writes there. */
export function polled({ out, err = -1 }: Log): Uint8Array {
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
  const rooms = { buffer: new Uint8Array(log.bufferBytes), time: new Uint8Array(16) }; // one at a time has them
  const ended = tolerate(atLeast(wait4(-1, status, WNOHANG, rusage), 1), 'ECHILD');
  const [out, err] = [log.out, log.err];
  const again = log.rotation ? 'look how long it is' : 'watch';
  return {
    watch: { calls: [ppoll(fds)], next: 'stdout', other: 'stdout' },
    ...copy('stdout', log, STDOUT, out, rooms, err === undefined ? 'look for its end' : 'stderr'),
    ...(err === undefined ? {} : copy('stderr', log, STDERR, err, rooms, 'look for its end')),
    'look for its end': { calls: [ended], next: 'rest of stdout', other: again },
    ...(log.rotation && rotate(log, log.rotation)),
    ...rest('rest of stdout', log, STDOUT, out, rooms, err === undefined ? 'write down' : 'rest of stderr'),
    ...(err === undefined ? {} : rest('rest of stderr', log, STDERR, err, rooms, 'write down')),
  };
}
// #endregion

/** Where a piece is read to, and the time. */
interface Rooms {
  readonly buffer: Uint8Array;
  readonly time: Uint8Array;
}

// #region a frame
/** One read of a stream, and what becomes of it; then `next`. */
function copy(name: string, log: Log, stream: Stream, from: number, rooms: Rooms, next: string): Graph {
  const piece = atLeast(read(from, rooms.buffer), 1);
  return {
    ...frame(name, log, stream, piece, rooms, next, `${name}: none`),
    // 0, the end, is the number of a descriptor that is open, and that of an error isn't.
    [`${name}: none`]: { calls: [fcntl(piece, F_GETFD)], next: `${name}: end`, other: next },
    // Or every poll would find the end again. The container's pidfd says nothing until the container ends, and can't be read.
    [`${name}: end`]: { calls: [tolerate(dup3(CONTAINER, from), 'any')], next },
  };
}

/** All that is there; then `done`. A file that is full by it is rotated on the way, which comes back here: the end is found again. */
function rest(name: string, log: Log, stream: Stream, from: number, rooms: Rooms, done: string): Graph {
  const again = log.rotation ? 'look how long it is' : name;
  return frame(name, log, stream, atLeast(read(from, rooms.buffer), 1), rooms, again, done);
}

/** A piece with its stream, the time and its length, written in one go. Then `next`; where there was no piece, `none`. */
function frame(
  name: string,
  { file, mark }: Log,
  stream: Stream,
  piece: Call,
  { buffer, time }: Rooms,
  next: string,
  none: string,
): Graph {
  const head = [{ room: mark }, new Uint8Array([stream, ...Array(7).fill(0)]), { room: time }, { result: piece }];
  const whole = writev(file, [...head, { room: buffer, length: piece }]);
  return {
    [name]: { calls: [piece], next: `${name}: frame`, other: none },
    [`${name}: frame`]: { calls: [clockGettime(CLOCK_REALTIME, time), whole], next, other: `${name}: lost` },
    // On a full disk it is lost, and nobody waits. The file's first frame is there already, so there is room to say when.
    [`${name}: lost`]: { calls: [tolerate(pwrite64(file, { room: time }, LOST_AT), 'any')], next },
  };
}
// #endregion

// #region rotation
/** Goes on in a new file once this one is full. Where there is none to be had, in this one. */
function rotate({ file, header }: Log, { directory, names, maxSize }: Rotation): Graph {
  const [newest = ''] = names;
  const fresh = openat(directory, `${newest}.new`, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600);
  const older = names.slice(1).map((to, nth) => renameat2(directory, names[nth] as string, directory, to));
  const moves = [...older.toReversed(), renameat2(directory, `${newest}.new`, directory, newest)];
  return {
    'look how long it is': { calls: [atLeast(lseek(file, 0, SEEK_END), maxSize)], next: 'rotate', other: 'watch' },
    rotate: {
      calls: [fresh, tolerate(writev(fresh, [header]), 'any'), ...moves.map((call) => tolerate(call, 'any'))],
      next: 'the new file',
      other: 'watch',
    },
    'the new file': { calls: [dup3(fresh, file), close(fresh)], next: 'watch', other: 'watch' },
  };
}
// #endregion
