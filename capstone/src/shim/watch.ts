import { closeSync } from 'node:fs';
import {
  type Call,
  type Child,
  type Executable,
  type Exit,
  failureOf,
  type Made,
  type Meeting,
  made,
  perform,
  pidfdOpen,
  pidfdSendSignal,
  SyscallError,
  tolerate,
  whenReadable,
} from 'shared-native';

/** A container's process that a shim starts, waits for and cleans up after. */
export interface ShimmedChild extends Child {
  /** Settles when it has executed its program: the number of its shim; undefined if it ended before. Never rejects. */
  readonly executed: Promise<number | undefined>;
  /** Settles only if it ended before it executed its program: from then on it is the shim that waits for it. */
  readonly exited: Promise<Exit>;
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

/** Looks after the process of a shim until it has executed its program. @param calls - its program, in the order of the records */
export function watch(
  calls: readonly Call[],
  { program, bytes, halves, passedOn, release }: Executable,
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
    passedOn(); // or the container could execute it by /proc/self/exe, which leads to it until it is another program
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
  const onTheWay = all.slice(0, all.findLastIndex(({ call }) => call.name === 'clone3') + 1 || all.length);
  const failed = onTheWay.find(({ call, result }) => result < 0 && call.tolerates === undefined);
  return failed && new SyscallError(failed.call, failed.result);
}
