import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  CLONE_PARENT_SETTID,
  CLONE_PIDFD,
  CLONE_VFORK,
  CLONE_VM,
  CLOSE_RANGE_CLOEXEC,
  chdir,
  clone3,
  cloneCall,
  close,
  closeRange,
  dup3,
  exactly,
  execve,
  execveat,
  exitGroup,
  F_SETFD,
  FD_CLOEXEC,
  fcntl,
  flock,
  type Graph,
  type Lifeline,
  LOCK_EX,
  MAP_FIXED,
  MAP_SHARED,
  type Meeting,
  mmap,
  O_RDWR,
  openat,
  type Place,
  PR_SET_NAME,
  PR_SET_PDEATHSIG,
  PROT_READ,
  PROT_WRITE,
  prctl,
  rtSigprocmask,
  SIG_SETMASK,
  SIGCHLD,
  setsid,
  tolerate,
  wait4,
  writev,
} from 'shared-native';
import { descriptorsOf, type Log, logGraph, polled } from './log-graph.ts';
import { RUSAGE_BYTES, WAIT_STATUS_BYTES } from './status.ts';

/** What the shim is called in `ps`. */
export const SHIM = 'boxstep-shim';

/** What a shim stays for. */
export interface Stay {
  /** The container's program, and the CLONE_NEW* flags of its process. */
  readonly calls: readonly Call[];
  readonly namespaces: number;
  /** Descriptors that the shim keeps as long as it stays, for the locks on them; the container closes its copies. */
  readonly keeps: readonly number[];
  /** Descriptors that the container needs to begin with, and the shim doesn't. */
  readonly passes: readonly number[];
  /** Ends at the container's execve, or with it. */
  readonly executed: number;
  /** Where the container waits until the host has done its part. */
  readonly meeting: Meeting;
  /** By it the container knows that the shim is there. */
  readonly lifeline: Lifeline;
  /** The file for how the container ended, open for writing. */
  readonly status: number;
  /** Its log, if it has one. */
  readonly log?: Log;
  /** A file whose lock lets one at a time clean up. */
  readonly turn: number;
  /** The program that cleans up, its own name first. */
  readonly cleanUp: readonly string[];
  readonly environment: readonly string[];
}

// #region the shim
/**
 * What stays with a container: starts it, waits for its end, writes down its status, and becomes the program that cleans
 * up. Until then it has the journal's lock.
 *
 * @param born - room for the number of the container's first process
 */
export function shimGraph(stay: Stay, place: Place, born: Uint8Array): Graph {
  const status = new Uint8Array(WAIT_STATUS_BYTES).fill(0xff); // no status is negative: none yet
  const rusage = new Uint8Array(RUSAGE_BYTES);
  const { calls, namespaces, keeps, passes, executed, meeting, lifeline, turn, log } = stay;
  const fds = log && polled(log);
  const flags = namespaces | CLONE_PARENT_SETTID | (fds ? CLONE_PIDFD : 0);
  const only = [...keeps, stay.status, turn, ...(log ? descriptorsOf(log) : [])];
  return {
    settle: {
      calls: [share(place), close(place.fd), prctl(PR_SET_NAME, SHIM), setsid(), ...noStreams()],
      next: 'start',
    },
    start: {
      calls: [exactly(clone3({ flags, ...(fds && { pidfd: fds }), parent_tid: born, exit_signal: SIGCHLD }), 0)],
      next: 'container',
      other: 'let go',
    },
    container: {
      calls: [
        ...[lifeline.letGo, ...only.map((fd) => close(fd))],
        ...[prctl(PR_SET_PDEATHSIG, 'SIGKILL'), lifeline.check, fcntl(executed, F_SETFD, FD_CLOEXEC), ...meeting.wait],
        ...calls,
      ],
    },
    'let go': {
      calls: [chdir('/'), ...[...passes, executed].map((fd) => close(fd))].map((call) => tolerate(call, 'any')),
      next: log ? 'watch' : 'wait',
    },
    ...(log && fds
      ? logGraph(log, fds, status, rusage)
      : { wait: { calls: [wait4(-1, status, 0, rusage)], next: 'write down', other: 'write down' } }),
    'write down': {
      calls: [tolerate(writev(stay.status, [{ room: status }, { room: rusage }]), 'any')],
      next: 'clean up',
    },
    'clean up': {
      calls: [
        ...[closeRange(3, ~0, CLOSE_RANGE_CLOEXEC), fcntl(turn, F_SETFD, 0), flock(turn, LOCK_EX)],
        ...[rtSigprocmask(SIG_SETMASK, []), execve(stay.cleanUp[0] ?? '', stay.cleanUp, stay.environment)],
      ],
    },
  };
}
// #endregion

/** From here on its records are those of the file: a process that has mapped it reads the shim's results, and the container's. */
function share({ address, length, fd, offset }: Place): Call {
  return mmap(address, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);
}

/** Without these, the next files that it opens would become its standard streams. */
function noStreams(): Call[] {
  return [exactly(openat(AT_FDCWD, '/dev/null', O_RDWR), 0), dup3(0, 1), dup3(0, 2)];
}

/**
 * What Node's child does: it starts the shim and ends, so that the shim's parent is init. It uses Node's memory, and with
 * CLONE_VFORK it waits until the shim has its own.
 *
 * @param program - the file that is executed
 * @param keeps - the descriptors that the shim is to have
 * @param tid - room for the shim's number
 */
export function starterGraph(name: string, program: number, keeps: readonly number[], tid: Uint8Array): Graph {
  return {
    fork: {
      calls: [
        closeRange(0, ~0, CLOSE_RANGE_CLOEXEC),
        ...[program, ...keeps].map((fd) => fcntl(fd, F_SETFD, 0)),
        exactly(cloneCall(CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD, tid), 0),
      ],
      next: 'become the shim',
      other: 'end',
    },
    'become the shim': { calls: [execveat(program, '', [SHIM, name], [], AT_EMPTY_PATH)], other: 'end' },
    end: { calls: [exitGroup(0)] },
  };
}
