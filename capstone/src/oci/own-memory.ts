import { closeSync } from 'node:fs';
import {
  AT_EMPTY_PATH,
  type Call,
  type Child,
  CLONE_PARENT,
  CLONE_PARENT_SETTID,
  CLOSE_RANGE_CLOEXEC,
  clone,
  clone3,
  close,
  closeRange,
  type Exit,
  endOf,
  exactly,
  executable,
  execveat,
  exitGroup,
  F_SETFD,
  failureOf,
  fcntl,
  type Graph,
  MAP_FIXED,
  MAP_SHARED,
  type Meeting,
  made,
  mmap,
  openMeeting,
  type Place,
  PR_SET_NAME,
  PROT_READ,
  PROT_WRITE,
  perform,
  pidfdOpen,
  pidfdSendSignal,
  prctl,
  tolerate,
  wait4,
  whenReadable,
} from 'shared-native';
import { descriptorsIn } from '../shim/descriptors.ts';

/** What a process is called, in `ps`, until it is its program. */
const NAME = 'boxstep-init';

/** A place in a program at which its process waits until something has been done. */
export interface Stop {
  /** It waits before this call. */
  readonly before: Call;
  /** Is done meanwhile. If it fails, the process is killed. */
  reached(pid: number): Promise<void>;
}

/** A process that goes on without this one. */
export interface OwnChild extends Child {
  /** Settles when all stops are passed: true; or when it has ended before: false. Rejects if one of them failed. */
  readonly passed: Promise<boolean>;
}

// #region memory of its own
/**
 * Starts a process as `clone` does, but with memory of its own, in which there is nothing but its program: the trampoline and
 * some pages of records. So it goes on when this process has ended, and none of the container finds anything of the host's in
 * it: /proc/PID/exe is a file in memory (CVE-2019-5736). It is no child of a process of ours: when this one has ended, its
 * parent is the one that called us, if that wants to be (PR_SET_CHILD_SUBREAPER), as clients of runc expect it.
 *
 * @param calls - a program that goes on in a child (`goOnInChild`)
 * @param letGo - by which it closes what is this process's alone
 */
export function beginInOwnMemory(calls: readonly Call[], letGo: readonly Call[], stops: readonly Stop[]): OwnChild {
  const fork = calls.findIndex(({ name }) => name === 'clone');
  const flags = calls[fork]?.args.flags;
  const namespaces = flags?.kind === 'integer' ? Number(flags.value) & NEW : 0;
  const meetings = new Map(stops.map(({ before }) => [before, openMeeting()]));
  const birth = openMeeting();
  const all = [birth, ...meetings.values()];
  const ends = all.flatMap(({ letGo }) => letGo);
  const [ahead, own] = [calls.slice(0, fork), calls.slice(fork + 2)];
  const born = new Uint8Array(4);
  const program = own.flatMap((call) => [...(meetings.get(call)?.wait ?? []), call]);
  const graph = (place: Place): Graph => ({
    settle: { calls: [share(place), close(place.fd), prctl(PR_SET_NAME, NAME)], next: 'go before' },
    'go before': {
      calls: [
        ...ahead,
        exactly(clone3({ flags: namespaces | CLONE_PARENT | CLONE_PARENT_SETTID, parent_tid: born }), 0),
      ],
      next: 'container',
      other: 'end',
    },
    container: { calls: [...birth.wait, ...program] },
    end: { calls: [exitGroup(0)] },
  });
  const file = executable(NAME, graph);
  try {
    const passes = [file.fd, ...descriptorsIn([...ahead, ...birth.wait, ...program])];
    const starter = clone(
      [
        ...[...letGo, ...ends, closeRange(0, ~0, CLOSE_RANGE_CLOEXEC)],
        ...[...new Set([0, 1, 2, ...passes])].map((fd) => fcntl(fd, F_SETFD, 0)),
        execveat(file.fd, '', [NAME], [], AT_EMPTY_PATH),
      ],
      0,
    );
    return watch({ file, starter, calls: [...ahead, ...own], born, birth, stops, meetings });
  } catch (error) {
    for (const one of all) one.shut();
    file.release();
    throw error;
  } finally {
    for (const one of all) one.passedOn();
  }
}
// #endregion

/** CLONE_NEW* flags: all that others ask for. */
const NEW = 0x7e02_0000;

/** From here on, its records are those of the file, which this process has mapped as well. */
function share({ address, length, fd, offset }: Place): Call {
  return mmap(address, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);
}

interface Watched {
  readonly file: ReturnType<typeof executable>;
  readonly starter: Child;
  readonly calls: readonly Call[];
  readonly born: Uint8Array;
  readonly birth: Meeting;
  readonly stops: readonly Stop[];
  readonly meetings: ReadonlyMap<Call, Meeting>;
}

function watch({ file, starter, calls, born, birth, stops, meetings }: Watched): OwnChild {
  const its = new Set(calls);
  let last: ReturnType<typeof made> | undefined;
  let pidfd = -1;
  let [isBorn, isOver] = [(_: number | undefined) => {}, () => {}];
  const bornAs = new Promise<number | undefined>((resolve) => {
    isBorn = resolve;
  });
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  const progress = () => last ?? made(file.program, file.halves).filter(({ call }) => its.has(call));
  const kill = (signal: NodeJS.Signals | number) =>
    pidfd >= 0 && !last && perform(tolerate(pidfdSendSignal(pidfd, signal), 'ESRCH')) === 0;

  starter.proceed();
  birth.reached().then((isThere) => {
    if (!isThere) {
      starter.exited.then(isOver);
      return isBorn(undefined);
    }
    file.passedOn(); // or the container could execute it by /proc/self/exe
    const room = file.program.rooms.find(({ into }) => into === born)?.offset ?? 0;
    const pid = Buffer.from(file.bytes.subarray(room, room + 4)).readInt32LE();
    pidfd = perform(pidfdOpen(pid)); // it is a child of this process, so it is there until it's waited for
    whenReadable(pidfd, isOver);
    return isBorn(pid);
  });

  const passed = (async () => {
    const pid = await bornAs;
    for (const { before, reached } of stops) {
      const meeting = meetings.get(before) as Meeting;
      if (pid === undefined || !(await meeting.reached())) return false;
      try {
        await reached(pid);
      } catch (error) {
        kill('SIGKILL');
        throw error;
      }
      meeting.open();
    }
    return true;
  })();
  passed.catch(() => {}); // the caller who awaits it gets the error

  const exited = (async (): Promise<Exit> => {
    const { made: byStarter, failure: atStart } = await starter.exited;
    const pid = await bornAs;
    await over;
    const status = new Uint8Array(4);
    if (pid !== undefined) perform(tolerate(wait4(pid, status), 'any'));
    last = progress();
    for (const one of meetings.values()) one.shut();
    birth.shut();
    if (pidfd >= 0) closeSync(pidfd);
    pidfd = -1;
    const failure =
      atStart && !byStarter.some(({ call }) => call.name === 'execveat') ? atStart : failureOf(last, calls.length);
    file.release();
    const end = pid === undefined ? { status: 127, signal: null } : endOf(Buffer.from(status).readInt32LE());
    return { ...end, made: last, ...(failure && { failure }) };
  })();
  return { pid: starter.pid, born: bornAs, proceed: birth.open, kill, progress, fill() {}, exited, passed };
}
