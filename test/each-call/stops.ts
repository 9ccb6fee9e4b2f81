import { closeSync, readSync, writeSync } from 'node:fs';
import {
  type Call,
  type Child,
  clone,
  cloneForking,
  close,
  closeOnce,
  dup3,
  forks,
  O_CLOEXEC,
  openPipe,
  read,
  whenReadable,
  write,
} from 'shared-native';
import { type Begin, type Container, inOrder, type Plan, start } from 'step-01';

/** Where the process has its ends of two pipes: high enough that no call of a plan gets these numbers. */
const [GO_ON, STOPPED] = [1000, 1001];

/** A process that stands still. */
export interface Stop {
  readonly pid: number;
  /** What its calls have answered so far, in order. */
  readonly results: ReadonlyMap<Call, number>;
}

/**
 * Starts a plan for real, whose process stops after each of its calls: it says so in one pipe, and waits at another.
 *
 * @param look - is called each time that it stands still
 * @returns the container, once its process has gone on after the last stop
 */
export async function startStopping(plan: Plan, look: (call: Call, stop: Stop) => void): Promise<Container> {
  const [goOn, letOn] = openPipe();
  const [hearing, stopped] = openPipe();
  const passedOn = [goOn, stopped].map(closeOnce);
  const stops = stopsOf(inOrder(plan.program));
  let child: Child | undefined;
  const begin: Begin = (program, namespaces, letGo) => {
    const pause = () => [write(STOPPED, 'x'), read(GO_ON, new Uint8Array(1))];
    const calls = program.flatMap((call) => (stops.includes(call) ? [call, ...pause()] : [call]));
    const ends = [dup3(goOn, GO_ON, O_CLOEXEC), dup3(stopped, STOPPED, O_CLOEXEC)];
    const first = [...letGo, ...ends, ...[goOn, letOn, hearing, stopped].map((end) => close(end))];
    child = forks(program) ? cloneForking(calls, first) : clone(calls, namespaces, first);
    for (const close of passedOn) close();
    return child;
  };
  const starting = start(plan, undefined, { begin });
  starting.catch(() => {}); // it is awaited below
  try {
    for (const call of stops) {
      await new Promise<void>((resolve) => whenReadable(hearing, resolve));
      if (readSync(hearing, new Uint8Array(1)) === 0) break; // it has ended: what it answered says why
      const { progress, pid, born } = child as Child;
      const results = new Map(progress().map((made) => [made.call, made.result]));
      look(call, { pid: hasForked(results) ? ((await born) ?? pid) : pid, results });
      writeSync(letOn, 'x');
    }
    return await starting;
  } finally {
    for (const close of passedOn) close();
    for (const end of [letOn, hearing]) closeSync(end);
  }
}

/**
 * The calls after which a program can stop. It can't after those with which it goes on in a child, which waits for its
 * parent anyway; nor after the last ones, which a launcher makes (`becoming` of shared-native).
 */
function stopsOf(calls: readonly Call[]): Call[] {
  const last = calls.findLastIndex(({ name }) => name !== 'execve' && name !== 'seccomp');
  return calls.slice(0, last + 1).filter(({ name }) => name !== 'clone' && name !== 'wait4');
}

function hasForked(results: ReadonlyMap<Call, number>): boolean {
  return [...results.keys()].some(({ name }) => name === 'clone');
}
