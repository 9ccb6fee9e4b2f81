import { closeSync } from 'node:fs';
import {
  type Call,
  type Child,
  clone,
  type Executable,
  type Exit,
  executable,
  failureOf,
  forks,
  type Made,
  type Meeting,
  made,
  openLifeline,
  openMeeting,
  openPipe,
  perform,
  pidfdOpen,
  pidfdSendSignal,
  SyscallError,
  tolerate,
  whenReadable,
} from 'shared-native';
import { SHIM, type Stay, shimGraph, starterGraph } from './graph.ts';
import { descriptorsOf } from './log-graph.ts';
import { descriptorsIn } from './passed.ts';

/** What a shim is told of its container. */
export interface Watched extends Pick<Stay, 'status' | 'turn' | 'cleanUp' | 'environment' | 'log'> {
  readonly name: string;
}

/** A container's process that a shim starts, waits for and cleans up after. */
export interface ShimmedChild extends Child {
  /** Settles when it has executed its program: the number of its shim; undefined if it ended before. Never rejects. */
  readonly executed: Promise<number | undefined>;
  /** Settles only if it ended before it executed its program: from then on it is the shim that waits for it. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts a process as `clone` does, but as the child of a shim, which has a few pages of memory and outlives this process.
 *
 * @param calls - the program, which does not go on in a child
 * @param namespaces - CLONE_NEW* flags
 * @param letGo - the calls by which the container closes what the shim keeps
 * @throws {SyscallError} where files in memory may not be executed, or there is no process to be had
 */
export function beginShimmed(
  calls: readonly Call[],
  namespaces: number,
  letGo: readonly Call[],
  { name, ...watched }: Watched,
): ShimmedChild {
  if (forks(calls)) throw new Error('a container that joins another can’t be detached yet: run it without -d');
  const keeps = descriptorsIn(letGo);
  const passes = descriptorsIn(calls).filter((fd) => !keeps.includes(fd));
  const meeting = openMeeting();
  const lifeline = openLifeline();
  const [heard, executed] = openPipe();
  const born = new Uint8Array(4);
  const shim = new Uint8Array(4);
  const ends = descriptorsIn([...meeting.wait, lifeline.check]);
  const stay: Stay = {
    ...watched,
    calls,
    namespaces,
    keeps,
    passes: [...passes, ...ends],
    executed,
    meeting,
    lifeline,
  };
  let file: Executable | undefined;
  try {
    file = executable(SHIM, (place) => shimGraph(stay, place, born));
    const { log } = stay;
    const inherits = [
      ...(log ? descriptorsOf(log) : []),
      ...stay.passes,
      ...keeps,
      ...descriptorsIn([lifeline.letGo]),
      executed,
      stay.status,
      stay.turn,
    ];
    const starter = clone(starterGraph(name, file.fd, [...new Set(inherits)], shim));
    return watch(calls, file, starter, { meeting, heard, born, shim });
  } catch (error) {
    meeting.shut();
    closeSync(heard);
    file?.release();
    throw error;
  } finally {
    meeting.passedOn();
    lifeline.passedOn();
    lifeline.end();
    closeSync(executed);
  }
}

/** What this process keeps until the container's has executed its program. */
interface Ends {
  readonly meeting: Meeting;
  /** Ends when the process has executed its program, or itself. */
  readonly heard: number;
  /** Rooms for the numbers of the container's process and of the shim. */
  readonly born: Uint8Array;
  readonly shim: Uint8Array;
}

function watch(
  calls: readonly Call[],
  { program, bytes, halves, release }: Executable,
  starter: Child,
  { meeting, heard, born, shim }: Ends,
): ShimmedChild {
  const its = new Set(calls);
  let last: readonly Made[] | undefined;
  let pidfd: number | undefined;
  const progress = () => last ?? made(program, halves).filter(({ call }) => its.has(call));
  const started = starter.exited;
  starter.proceed();

  const isBorn = async () => {
    await started; // from then on there is a shim, or an error
    if (!(await meeting.reached())) return undefined;
    const room = program.rooms.find(({ into }) => into === born)?.offset ?? 0;
    const pid = Buffer.from(bytes.subarray(room, room + 4)).readInt32LE();
    const answer = perform(tolerate(pidfdOpen(pid), 'ESRCH'));
    if (answer < 0) return undefined;
    pidfd = answer;
    return pid;
  };
  const over = new Promise<Exit>((resolve) => {
    whenReadable(heard, async () => {
      closeSync(heard);
      const { made: byStarter } = await started;
      last = progress();
      const ours = made(program, halves).filter(({ call }) => !its.has(call));
      meeting.shut();
      if (pidfd !== undefined) closeSync(pidfd);
      pidfd = undefined;
      const failure = failureOf(last, calls.length) ?? refused([...byStarter, ...ours]);
      release();
      resolve({
        status: failure ? 127 : null,
        signal: failure ? null : 'SIGKILL',
        made: last,
        ...(failure && { failure }),
      });
    });
  });
  const hasExecuted = ({ failure, made }: Exit) =>
    !failure && made.length >= calls.findIndex(({ name }) => name === 'execve');
  return {
    pid: starter.pid,
    born: isBorn(),
    proceed: meeting.open,
    kill: (signal) => pidfd !== undefined && perform(tolerate(pidfdSendSignal(pidfd, signal), 'ESRCH')) === 0,
    progress,
    fill() {},
    executed: over.then((exit) => (hasExecuted(exit) ? Buffer.from(shim).readInt32LE() : undefined)),
    exited: new Promise((resolve) => {
      over.then((exit) => {
        if (!hasExecuted(exit)) resolve(exit);
      });
    }),
  };
}

/**
 * The first of the starter's and the shim's calls that failed on the way to the container's process. Later errors are no
 * failure: the shim reads a log where nothing may be yet, and may have done so before this process looks.
 */
export function refused(all: readonly Made[]): SyscallError | undefined {
  const onTheWay = all.slice(0, all.findIndex(({ call }) => call.name === 'clone3') + 1 || all.length);
  const failed = onTheWay.find(({ call, result }) => result < 0 && call.tolerates === undefined);
  return failed && new SyscallError(failed.call, failed.result);
}
