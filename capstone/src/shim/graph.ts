import {
  ADDR_NO_RANDOMIZE,
  AT_EMPTY_PATH,
  AT_FDCWD,
  type Call,
  CLONE_FILES,
  CLONE_PARENT,
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
  O_WRONLY,
  openat,
  type Place,
  PR_SET_NAME,
  PR_SET_PDEATHSIG,
  PROT_READ,
  PROT_WRITE,
  personality,
  prctl,
  rtSigprocmask,
  SIG_SETMASK,
  SIGCHLD,
  setsid,
  tolerate,
  wait4,
  write,
  writev,
} from 'shared-native';
import { CONTAINER, INPUT } from './descriptors.ts';
import { descriptorsOf, type Log, logGraph, polled } from './log-graph.ts';
import { RUSAGE_BYTES, SHIM, WAIT_STATUS_BYTES } from './status.ts';
import { type Handing, takeTerminal } from './terminal.ts';

/** What a shim stays for. */
export interface Stay {
  /** What `ps` shows after the shim's name. */
  readonly title: string;
  /** The calls that enter the namespaces of others, if the container joins any: made by a process before its first. */
  readonly joins: readonly Call[];
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
  /** The end to write to of the pipe that is its standard input, if the shim is to keep it open. */
  readonly typed?: number;
  /** Where it hands over its terminal, if it has one. */
  readonly handing?: Handing;
  /** A file whose lock lets one at a time clean up. */
  readonly turn: number;
  /** What its own oom_score_adj is to be, and what the program that cleans up has again. */
  readonly oom: { readonly shim: number; readonly before: number };
  /** How programs are executed: personality(2) of the process that starts it. */
  readonly persona: number;
  /** The program that cleans up, its own name first. */
  readonly cleanUp: readonly string[];
  readonly environment: readonly string[];
}

// #region the shim
/**
 * The program that stays with a container: it starts it, waits for its end, writes down its status, and executes the program
 * that cleans up. Until then it has the journal's lock.
 *
 * @param born - room for the number of the container's first process
 */
export function shimGraph(stay: Stay, place: Place, born: Uint8Array): Graph {
  const status = new Uint8Array(WAIT_STATUS_BYTES).fill(0xff); // no status is negative: none yet
  const rusage = new Uint8Array(RUSAGE_BYTES);
  const { calls, keeps, passes, executed, meeting, lifeline, turn, log, typed, handing } = stay;
  const pidfd = log ? polled(log) : new Uint8Array(4);
  const only = [...keeps, stay.status, turn, ...(log ? descriptorsOf(log) : [])];
  return {
    settle: {
      calls: [
        ...[share(place), close(place.fd), whatever(personality(stay.persona)), prctl(PR_SET_NAME, SHIM), setsid()],
        ...noStreams(),
        ...(typed === undefined ? [] : [dup3(typed, INPUT)]),
      ],
      next: 'start',
      passing: true,
    },
    ...startGraph(stay, pidfd, born),
    container: {
      calls: [
        ...[lifeline.letGo, ...only.map((fd) => close(fd)), dup3(1, CONTAINER)],
        ...[prctl(PR_SET_PDEATHSIG, 'SIGKILL'), lifeline.check, fcntl(executed, F_SETFD, FD_CLOEXEC), ...meeting.wait],
        ...calls,
      ],
      passing: true,
    },
    'let go': {
      calls: [...[chdir('/'), ...passes.map((fd) => close(fd))].map(whatever), ...scoreOom(stay.oom.shim)],
      next: handing ? 'take the terminal' : 'stay',
      passing: true,
    },
    ...(handing && takeTerminal(handing, 'stay')),
    stay: { calls: [whatever(close(executed))], next: log ? 'watch' : 'wait' },
    ...(log
      ? logGraph(log, pidfd, status, rusage)
      : { wait: { calls: [wait4(-1, status, 0, rusage)], next: 'write down', other: 'write down' } }),
    'write down': {
      calls: [whatever(writev(stay.status, [{ room: status }, { room: rusage }]))],
      next: 'clean up',
    },
    'clean up': {
      calls: [
        ...[closeRange(3, ~0, CLOSE_RANGE_CLOEXEC), dup3(1, 0), dup3(1, 2), ...keeps.map((fd) => close(fd))],
        ...scoreOom(stay.oom.before),
        ...[fcntl(turn, F_SETFD, 0), flock(turn, LOCK_EX), rtSigprocmask(SIG_SETMASK, [])],
        execve(stay.cleanUp[0] ?? '', stay.cleanUp, stay.environment),
      ],
    },
  };
}
// #endregion

// #region a container that joins others
/**
 * Starts the container's process. setns moves only its caller's children into a PID namespace, so a process in between starts
 * a container that joins another. It shares the shim's descriptors, and gives the shim a child with CLONE_PARENT.
 */
function startGraph({ joins, namespaces }: Stay, pidfd: Uint8Array, born: Uint8Array): Graph {
  const flags = namespaces | CLONE_PARENT_SETTID | CLONE_PIDFD;
  const first = (more = 0) => ({ flags: flags | more, pidfd, parent_tid: born, exit_signal: more === 0 ? SIGCHLD : 0 });
  if (joins.length === 0)
    return { start: { calls: [exactly(clone3(first()), 0)], next: 'container', other: 'let go', passing: true } };
  const between = exactly(clone3({ flags: CLONE_VFORK | CLONE_FILES, exit_signal: SIGCHLD }), 0);
  const opened = joins.filter(({ name }) => name === 'pidfd_open');
  return {
    start: { calls: [between], next: 'join', other: 'joined', passing: true },
    join: {
      calls: [
        ...[dup3(1, CONTAINER), ...joins, ...opened.map((call) => close(call)), close(CONTAINER)],
        exactly(clone3(first(CLONE_PARENT)), 0),
      ],
      next: 'container',
      other: 'leave',
      passing: true,
    },
    leave: { calls: [exitGroup(0)], passing: true },
    joined: { calls: [wait4(between, new Uint8Array(4))], next: 'let go', other: 'let go', passing: true },
  };
}
// #endregion

/** Sets how likely the kernel is to kill the process when memory runs out: at -1000, never. Lowering it takes a privilege. */
function scoreOom(score: number): Call[] {
  const file = whatever(openat(AT_FDCWD, '/proc/self/oom_score_adj', O_WRONLY));
  return [file, whatever(write(file, String(score))), whatever(close(file))];
}

/** The same call, with any answer tolerated. */
function whatever(call: Call): Call {
  return tolerate(call, 'any');
}

/** From here on its records are those of the file: a process that has mapped it reads the shim's results, and the container's. */
function share({ address, length, fd, offset }: Place): Call {
  return mmap(address, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);
}

/** 2 is left free: that is what the container's pidfd becomes. */
function noStreams(): Call[] {
  return [exactly(openat(AT_FDCWD, '/dev/null', O_RDWR), 0), dup3(0, 1)];
}

/**
 * The program of Node's child, which starts the shim and ends, so that the shim's parent is init. It uses Node's memory, and
 * with CLONE_VFORK it waits until the shim has its own.
 *
 * @param program - the file that is executed
 * @param keeps - the descriptors that the shim gets
 * @param tid - room for the shim's number
 * @param persona - personality(2) of this process
 */
export function starterGraph(
  title: string,
  program: number,
  keeps: readonly number[],
  tid: Uint8Array,
  persona: number,
): Graph {
  // What is on its stack then lies together, on one page.
  const compact = whatever(personality(persona | ADDR_NO_RANDOMIZE));
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
    'become the shim': { calls: [compact, execveat(program, '', [SHIM, title], [], AT_EMPTY_PATH)], other: 'end' },
    end: { calls: [exitGroup(0)] },
  };
}
