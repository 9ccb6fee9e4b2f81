import { closeSync } from 'node:fs';
import { type Becoming, becoming } from './becoming.ts';
import { type Call, tolerate } from './call.ts';
import { cloneCall, pidfdSendSignal, prctl } from './calls.ts';
import { SyscallError } from './errors.ts';
import { behind, callsOf, type Graph, isList } from './graph.ts';
import {
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  CLONE_PIDFD,
  CLONE_VM,
  PR_SET_PDEATHSIG,
  SIGCHLD,
  SIGKILL,
  WNOHANG,
} from './kernel/constants.ts';
import { assertArgumentsFit } from './machine/argument-space.ts';
import * as libc from './machine/libc.ts';
import { type Loaded, load } from './machine/memory.ts';
import { keepOomScore, opensOomScore } from './oom-score.ts';
import { perform } from './perform.ts';
import { layOut, type Program } from './program.ts';
import { failureOf, type Made, made } from './progress.ts';
import { signalName } from './signals.ts';
import { trampoline } from './trampoline.ts';
import { type Gate, openGate } from './waiting/gate.ts';

/** All CLONE_NEW* flags that clone takes. */
export const NEW_NAMESPACES =
  CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWUTS;

/** How a child ended: its exit status, or the signal that killed it; and the call that stopped it short of its program. */
export interface Exit {
  /** 0 to 255, or null if a signal killed it, or if another part of this process took its status. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The call at which its program failed, if that is a list; absent once it executes another program. */
  readonly failure?: SyscallError;
  /** The calls that were made, with their results. */
  readonly made: readonly Made[];
}

/** A process that waits at its gate, makes its program's calls, runs what it executed, or has ended. */
export interface Child {
  readonly pid: number;
  /** Settles when it waits at its gate, with its number: undefined if it ended before. Never rejects. */
  readonly born: Promise<number | undefined>;
  /** Opens the gate: the child begins with the first call of its program. */
  proceed(): void;
  /** Sends a signal by the process's own descriptor, so never to another that took its number. False if it has ended. */
  kill(signal: NodeJS.Signals | number): boolean;
  /** The calls made so far: the child writes them to memory that both share until execve. */
  progress(): readonly Made[];
  /** Fills the rooms of the calls made so far; when it has ended, they are filled anyway. */
  fill(): void;
  /** Settles when it has ended and is reaped. Never rejects. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts a process that makes a program's calls: those of a list one after another, up to the first that fails; those of
 * a graph by the ways that it has for success and failure. It runs no JavaScript (docs/why-not-fork.md says why). It waits
 * at a gate until `proceed()`, and dies when this thread does: if that is before prctl, read finds the pipe at its end; if
 * it is after, the signal comes.
 *
 * @param program - the program; it ends in execve or exit_group
 * @param namespaces - CLONE_NEW* flags: the namespaces that are to be its own
 * @param letGo - what it does before it waits: closes its copies of what is to be its parent's alone
 * @throws {SyscallError} if the kernel starts no process.
 * @throws {RangeError} if the program is larger than its memory, its arguments than execve allows, or `namespaces`
 *   holds anything but CLONE_NEW* flags.
 * @see {@link https://man7.org/linux/man-pages/man2/clone.2.html | clone(2)}
 */
export function clone(program: readonly Call[] | Graph, namespaces = 0, letGo: readonly Call[] = []): Child {
  assertArgumentsFit(isList(program) ? program : callsOf(program));
  assertNamespaces(namespaces);
  const end = isList(program) ? becoming(program) : undefined;
  const gate = openGate();
  const giveBack = isList(program) && program.some(opensOomScore) ? keepOomScore() : undefined;
  const beforehand = [gate.letGo, ...letGo, ...(end?.first ?? []), prctl(PR_SET_PDEATHSIG, SIGKILL), gate.wait];
  let memory: Loaded | undefined;
  try {
    const laidOut = layOut(isList(program) ? [...beforehand, ...before(program, end)] : behind(beforehand, program));
    memory = load(laidOut);
    const started = child(start(memory, namespaces), laidOut, beforehand.length, memory, gate, end);
    if (giveBack) (end?.over ?? started.exited).then(giveBack);
    return started;
  } catch (error) {
    giveBack?.();
    memory?.release();
    end?.release();
    gate.shut();
    throw error;
  } finally {
    end?.passedOn();
    gate.passedOn();
  }
}

/** The calls that the process makes in this process's memory. */
function before(program: readonly Call[], end: Becoming | undefined): readonly Call[] {
  return end ? [...program.slice(0, end.at), ...end.instead] : program;
}

/** The calls that were made, with those of the launcher. What forbids to execute that forbids these. */
function withEnd(calls: readonly Made[], end: Becoming | undefined): readonly Made[] {
  if (!end) return calls;
  const refused = calls[end.at + end.instead.length - 1];
  const last = refused ? end.calls.map((call) => ({ call, result: refused.result })) : end.made();
  return [...calls.slice(0, end.at), ...last];
}

function child(
  { pid, pidfd }: Started,
  program: Program,
  beforehand: number,
  memory: Loaded,
  gate: Gate,
  end: Becoming | undefined,
): Child {
  let last: readonly Made[] | undefined;
  const total = end ? end.at + end.calls.length : program.calls.length - beforehand;
  const progress = () => last ?? withEnd(made(program, memory.halves).slice(beforehand), end);
  const fill = () => {
    if (last) return;
    for (const { offset, into } of program.rooms) into.set(memory.bytes.subarray(offset, offset + into.length));
  };
  const exited = new Promise<Exit>((resolve) => {
    libc.whenReadable(pidfd, async () => {
      if (end?.over) await end.over;
      const how = reap(pid);
      fill();
      last = progress();
      memory.release();
      end?.release();
      gate.shut();
      closeSync(pidfd);
      const failure = program.isGraph ? undefined : failureOf(last, total); // a graph knows ways on
      resolve({ ...how, made: last, ...(failure && { failure }) });
    });
  });
  return {
    pid,
    born: Promise.resolve(pid),
    proceed: gate.open,
    kill: (signal) => !last && perform(tolerate(pidfdSendSignal(pidfd, signal), 'ESRCH')) === 0,
    progress,
    fill,
    exited,
  };
}

interface Started {
  readonly pid: number;
  readonly pidfd: number;
}

/** clone(2) with all signals blocked: one that came early would run Node's handler in the child. */
function start(memory: Loaded, namespaces: number): Started {
  const flags = CLONE_VM | CLONE_PIDFD | SIGCHLD | namespaces;
  const code = trampoline();
  const pidfd = new Int32Array(1);
  const pid = libc.withoutSignals(() => {
    const pid = libc.clone(code, memory.stackTop, flags, memory.address, pidfd);
    return pid === -1 ? -libc.errno() : pid;
  });
  if (pid < 0) throw new SyscallError(cloneCall(namespaces), pid);
  return { pid, pidfd: pidfd[0] as number };
}

// Anything else would end in the exit signal, or change what the child shares with this process.
function assertNamespaces(namespaces: number): void {
  if (Number.isInteger(namespaces) && namespaces >= 0 && (namespaces & ~NEW_NAMESPACES) === 0 && namespaces < 2 ** 31)
    return;
  throw new RangeError(`namespaces must be CLONE_NEW* flags, got ${namespaces}`);
}

/** The status of a process that has ended, which is then gone. */
function reap(pid: number): { status: number | null; signal: NodeJS.Signals | null } {
  const status = new Int32Array(1);
  if (libc.waitpid(pid, status, WNOHANG) !== pid) return { status: null, signal: null }; // another part of this process reaped it
  return endOf(status[0] as number);
}

/** What a wait status says: wait(2). */
export function endOf(word: number): Pick<Exit, 'status' | 'signal'> {
  const signal = word & 0x7f;
  return signal === 0 ? { status: (word >> 8) & 0xff, signal: null } : { status: null, signal: signalName(signal) };
}
