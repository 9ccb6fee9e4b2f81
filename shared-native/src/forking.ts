import { closeSync } from 'node:fs';
import { atLeast, type Call, tolerate } from './call.ts';
import { cloneCall, pidfdOpen, pidfdSendSignal, prctl, wait4 } from './calls.ts';
import { type Child, clone, type Exit, endOf } from './clone.ts';
import {
  CLONE_PARENT_SETTID,
  CLONE_VFORK,
  CLONE_VM,
  PR_SET_PDEATHSIG,
  SIGCHLD,
  SIGKILL,
  WNOHANG,
} from './kernel/constants.ts';
import { perform } from './perform.ts';
import type { Made } from './progress.ts';
import { openMeeting } from './waiting/meeting.ts';

/** More than any process's number: only the error that is fine lets the program go on. */
const NEVER = 2 ** 31;

// #region two ways from one call
/**
 * The calls by which a program goes on in a new process: what joins a PID namespace isn't in it, only its children are.
 * After clone both make the next call. wait4 keeps the old process until the new one has ended, and there its program
 * stops, since no result is large enough. The new one has no children, and so an error that is fine: it goes on.
 *
 * @param namespaces - CLONE_NEW* flags: what the new process is born into besides
 * @param detached - does the old one go as soon as the new one has executed its program, which nobody waits for then?
 */
export function goOnInChild(namespaces = 0, detached = false): Call[] {
  const flags = CLONE_VM | CLONE_PARENT_SETTID | SIGCHLD | namespaces;
  const reap = wait4(-1, new Uint8Array(4), detached ? WNOHANG : 0);
  return [
    cloneCall(flags | (detached ? CLONE_VFORK : 0), new Uint8Array(4)),
    tolerate(atLeast(reap, NEVER), 'ECHILD'),
    ...(detached ? [] : [prctl(PR_SET_PDEATHSIG, SIGKILL)]), // clone cleared it
  ];
}
// #endregion

/** Does a program go on in another process than the one that begins it? */
export function forks(calls: readonly Call[]): boolean {
  return calls.some(isClone);
}

/**
 * Starts a process for a program that goes on in a child of it (`goOnInChild`). It begins at once; its child waits at a
 * gate until `proceed()`, and is the one whose number, signals and end are told.
 *
 * @param calls - the program, with one clone in it
 * @param letGo - what the first process does before anything else: closes its copies of what is to be its parent's alone
 * @throws as `clone` does
 */
export function cloneForking(calls: readonly Call[], letGo: readonly Call[] = []): Child {
  const fork = calls.findIndex(isClone);
  const reap = calls[fork + 1] as Call;
  const [tid, status] = [roomOf(calls[fork] as Call, 'parent_tid'), roomOf(reap, 'status')];
  new Int32Array(tid.buffer).fill(0);
  new Int32Array(status.buffer).fill(NOT_WAITED);
  const meeting = openMeeting();
  const ours = new Set(meeting.wait);
  const shown = (all: readonly Made[]) => all.filter(({ call }) => !ours.has(call));
  let outer: Child;
  try {
    outer = clone([...calls.slice(0, fork + 2), ...meeting.wait, ...calls.slice(fork + 2)], 0, [
      ...letGo,
      ...meeting.letGo,
    ]);
  } catch (error) {
    meeting.shut();
    throw error;
  } finally {
    meeting.passedOn();
  }
  let pidfd: number | undefined;
  const statusWord = () => {
    outer.fill();
    return new Int32Array(status.buffer)[0] ?? NOT_WAITED;
  };
  const born = meeting.reached().then((isThere) => {
    if (!isThere) return undefined;
    outer.fill();
    const [number = 0] = new Int32Array(tid.buffer);
    const answer = perform(tolerate(pidfdOpen(number), 'ESRCH'));
    if (answer < 0) return undefined;
    if (statusWord() !== NOT_WAITED) {
      closeSync(answer); // the number may be another's by now
      return undefined;
    }
    pidfd = answer;
    return number;
  });
  const exited = outer.exited.then((exit): Exit => {
    meeting.shut();
    if (pidfd !== undefined) closeSync(pidfd);
    pidfd = undefined;
    const { failure, ...end } = exit;
    const word = statusWord();
    const failed = failure && !ours.has(failure.call) && failure.call !== reap ? { failure } : {};
    const isLeft = word === NOT_WAITED && !failure && end.status !== null; // the child executed its program, and nobody waits
    const how = word !== NOT_WAITED ? endOf(word) : isLeft ? { status: 0 } : {};
    return { ...end, ...how, made: shown(exit.made), ...failed };
  });
  outer.proceed();
  return {
    pid: outer.pid,
    born,
    proceed: meeting.open,
    kill: (signal) =>
      pidfd === undefined ? outer.kill(signal) : perform(tolerate(pidfdSendSignal(pidfd, signal), 'ESRCH')) === 0,
    progress: () => shown(outer.progress()),
    fill: outer.fill,
    exited,
  };
}

/** No wait status is negative. */
const NOT_WAITED = -1;

function isClone({ name }: Call): boolean {
  return name === 'clone';
}

function roomOf({ args }: Call, name: string): Uint8Array {
  const argument = args[name];
  if (argument?.kind === 'room') return argument.into;
  throw new TypeError(`a program goes on in a child by goOnInChild, whose ${name} is a room`);
}
