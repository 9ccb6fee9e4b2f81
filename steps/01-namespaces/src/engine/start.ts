import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as native from 'shared-native';
import type { Action, Deed } from './action.ts';
import { type Attended, attended } from './attend.ts';
import { carryOut, orGone, undoAll } from './deeds.ts';
import { NameInUse } from './errors.ts';
import { thaw, thawWhenEnding } from './freezer.ts';
import { letGoOfHeld } from './held.ts';
import { type Journal, openJournal } from './journal.ts';
import { type Narrator, narrated } from './narrate.ts';
import { cloneFlags, inOrder, type Joined, type Plan } from './plan.ts';
import { isStill, processStat } from './process-stat.ts';
import { state } from './state.ts';

/** A container that runs. */
export interface Container {
  readonly name: string;
  /** Its first process, by its number on the host; inside, it is 1. */
  readonly pid: number;
  /** The host's copies of the descriptors that the plan `takes`; none if the process ended before it opened them. The caller closes them. */
  readonly taken: readonly number[];
  /** Signals its first process. False if that has ended. */
  kill(signal: NodeJS.Signals | number): boolean;
  /** Leaves undoing what the host did to the process that `begin` started, which has the journal open as well. */
  leave(): void;
  /** Settles when its first process has ended and the host has undone what it did. Never rejects. */
  readonly exited: Promise<Ended>;
}

/** How a container ended. */
export interface Ended extends native.Exit {
  /** What the plan's `readings` held when the process had ended; a file that wasn't there is left out. */
  readonly readings: Readonly<Record<string, string>>;
  /** Why some of what the host did could not be undone; `prune` tries again. */
  readonly undoErrors: readonly Error[];
}

/** What a plan is started with. */
export interface Around {
  /** The directory that its journal is kept in. */
  readonly journals?: string;
  /** What its first process is to do before its program: for streams. */
  readonly before?: readonly native.Call[];
  /** What its journal is to tell, besides its number, to those who join it. */
  readonly about?: object;
  /** Is it a process in a container that runs, whose name is taken? Then it has no journal, and nothing to be undone. */
  readonly guest?: boolean;
  /** Starts its process in place of clone(2): as one that is to outlive this process. */
  readonly begin?: Begin;
}

/**
 * Starts a process that waits until it may proceed.
 *
 * @param namespaces - CLONE_NEW* flags
 * @param letGo - closes its copies of what is its parent's alone, before anything else
 */
export type Begin = (calls: readonly native.Call[], namespaces: number, letGo: readonly native.Call[]) => native.Child;

/**
 * Runs any step's plan: the actions before the process exists, one clone(2), the actions while the process waits at
 * its gate, then its program. When it has ended, and also when something of this failed, every undo in reverse.
 *
 * @param plan - what to run; of two containers with one name, the second is refused
 * @param narrator - is told what is done as it is done
 * @param around - where its journal is and what that says, and the calls that come before its program
 * @throws {NameInUse}, {DeedError} from an action, {SyscallError} from clone; then nothing is left behind
 */
export async function start(
  plan: Plan,
  narrator?: Narrator,
  { journals = state().journals, before = [], about, guest = false, begin = beginHere }: Around = {},
): Promise<Container> {
  const journal = guest ? undefined : await claim(plan.name, journals);
  const begun: Action[] = [];
  const act = async (when: Action['when'], pid?: number) => {
    for (const action of plan.actions.filter((one) => one.when === when)) {
      begun.push(action);
      for (const deed of action.do) {
        narrator?.deed(deed, action.what);
        await carryOut(deed, pid);
      }
    }
  };
  let child: (Attended & { readonly told?: Promise<void> }) | undefined;
  let taken: readonly number[];
  let first: number | undefined;
  try {
    journal?.record(undoOf(plan.actions));
    await act('before');
    makeStdioBlock();
    const program = inOrder(plan.program);
    const letGo = [...(journal ? [journal.letGo] : []), ...letGoOfHeld()];
    const flags = native.forks(program) ? 0 : cloneFlags(plan.namespaces);
    const clone = (calls: readonly native.Call[]) =>
      attended(calls, (all) => begin(all, flags, letGo), plan.takes, before);
    child = narrator ? narrated(program, clone, flags, narrator) : clone(program);
    const taking = child.taken(); // from now on: what goes before may open it
    taking.catch(() => {}); // it is awaited below
    first = await child.born;
    if (first !== undefined) {
      plan.joins.forEach(assertStill); // so what was entered were its namespaces
      await act('adopt', first);
      journal?.tell({ pid: first, started: processStat(first)?.started, ...about });
    }
    child.proceed();
    taken = await taking;
    await child.told;
  } catch (error) {
    child?.kill('SIGKILL');
    await child?.exited;
    const undoErrors = await finish(journal, undoOf(begun), narrator);
    throw undoErrors.length > 0 ? new AggregateError([error, ...undoErrors], (error as Error).message) : error;
  }
  const { exited, leave: leaveChild } = child;
  const pid = first ?? child.pid;
  const cgroups = undoOf(plan.actions).flatMap((deed) => (deed.deed === 'remove-cgroup' ? [deed.path] : []));
  const stopLooking = thawWhenEnding(pid, cgroups);
  const kill = (signal: NodeJS.Signals | number) => {
    const sent = child.kill(signal);
    if (signal === 'SIGKILL' || signal === native.SIGKILL) cgroups.forEach(thaw);
    return sent;
  };
  const ended = async (exit: native.Exit) => {
    stopLooking();
    const readings = readAll(plan.readings);
    return { ...exit, readings, undoErrors: await finish(journal, undoOf(begun), narrator) };
  };
  const leave = () => {
    stopLooking();
    leaveChild();
    journal?.close();
  };
  return { name: plan.name, pid, taken, kill, leave, exited: exited.then(ended) };
}

/** As a child of this process; or, where it joins others, as a child of its child. */
const beginHere: Begin = (calls, namespaces, letGo) =>
  native.forks(calls) ? native.cloneForking(calls, letGo) : native.clone(calls, namespaces, letGo);

/**
 * The container shares these open files, and few programs expect EAGAIN from them: but libuv makes them non-blocking
 * as soon as anything touches process.stdin or process.stdout, and an import of node:process does.
 */
function makeStdioBlock(): void {
  for (const stdio of [0, 1, 2]) {
    const flags = native.perform(native.fcntl(stdio, native.F_GETFL));
    if (flags & native.O_NONBLOCK) native.perform(native.fcntl(stdio, native.F_SETFL, flags & ~native.O_NONBLOCK));
  }
}

/** The journal of a name that no running container has; what a dead one of this name left is undone first. */
async function claim(name: string, journals: string, tries = 20): Promise<Journal> {
  const journal = openJournal(name, journals);
  if (journal) {
    const [error] = await undoAll(journal.left);
    if (!error) return journal;
    journal.close();
    throw error;
  }
  if (tries === 0) throw new NameInUse(name);
  await sleep(10); // a prune may be looking at it just now
  return claim(name, journals, tries - 1);
}

function readAll(files: readonly string[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const file of files) {
    const text = orGone(() => readFileSync(file, 'utf8'), undefined);
    if (text !== undefined) texts[file] = text;
  }
  return texts;
}

/** The undo of a list of actions: the last action's first. */
function undoOf(actions: readonly Action[]): Deed[] {
  return actions.toReversed().flatMap((action) => action.undo);
}

function assertStill(joined: Joined): void {
  if (isStill(joined)) return;
  throw new Error(`container ${joined.name} has ended, and with it what it shared`);
}

async function finish(journal: Journal | undefined, undo: readonly Deed[], narrator?: Narrator): Promise<Error[]> {
  for (const deed of undo) narrator?.deed(deed, 'undo');
  const errors = await undoAll(undo);
  if (errors.length === 0) journal?.discard();
  else journal?.close();
  return errors;
}
