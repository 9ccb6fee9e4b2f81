import { statSync } from 'node:fs';
import { signalNumber } from 'shared-native';
import { isStill, processStat, toldIn } from 'step-10';
import { startsAgain } from '../restart.ts';
import { type Ended, readStatus, SHIM } from '../shim/status.ts';
import { thisBoot } from './boot.ts';
import { isPaused } from './paused.ts';
import { statusPath } from './place.ts';
import { type Begun, type BoxRecord, type Exited, type Process, readRecord } from './record.ts';

/** How a container is, in docker's words: what `inspect` shows as State. */
export interface State {
  readonly status: 'created' | 'running' | 'paused' | 'restarting' | 'exited';
  /** Its first process's number on the host; 0 if it has none. */
  readonly pid: number;
  readonly exitCode: number;
  /** Milliseconds since 1970; 0 for never. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly oomKilled: boolean;
  readonly error: string;
  readonly restartCount: number;
}

/** Does a container count as one that runs? Also if it is paused, or about to be started again. */
export function isUp({ status }: Pick<State, 'status'>): boolean {
  return ['running', 'paused', 'restarting'].includes(status);
}

/** What docker says where a container would have to run, and waits to be started again. */
export function waitsToRestart(id: string): string {
  return `Container ${id} is restarting, wait until the container is running`;
}

const NEVER: State = {
  status: 'created',
  pid: 0,
  exitCode: 0,
  startedAt: 0,
  finishedAt: 0,
  oomKilled: false,
  error: '',
  restartCount: 0,
};

/** How a container is now. It asks the kernel, so it is right also where nobody has cleaned up yet. */
export function stateOf(record: BoxRecord): State {
  const { id, run } = record;
  if (run.status === 'created') return { ...NEVER, error: run.error ?? '', exitCode: run.exitCode ?? 0 };
  if (run.status === 'exited') return ofEnded(run);
  const process = runningProcess(id, run);
  if (process === 'not yet') return NEVER;
  if (process !== 'ended') {
    const { startedAt, restartCount, paused } = run;
    const status = paused && isPaused(id, record.cgroupParent) ? 'paused' : 'running';
    return { ...NEVER, status, pid: process.pid, startedAt, restartCount };
  }
  const newer = readRecord(id) ?? record; // it may have been cleaned up, and started again, since it was read
  if (newer.run.status !== 'begun' || newer.run.startedAt !== run.startedAt) return stateOf(newer);
  const end = endOf(id, run);
  return ofEnded({ ...end, ...comingBack(newer, end, run) });
}

/** Its shim is about to start it again, or to find out that it must, as long as it is there. */
function comingBack(record: BoxRecord, end: Exited, { shim }: Begun): Pick<Exited, 'restarting'> {
  return shim && startsAgain(record, end) ? { restarting: shim } : {};
}

function ofEnded({ restarting, error = '', backOff: _, ...end }: Exited): State {
  return { pid: 0, ...end, error, status: restarting && isStill(restarting) ? 'restarting' : 'exited' };
}

/**
 * The first process of a container that was started. It counts as running until its shim has written its status down, or is
 * gone.
 */
export function runningProcess(id: string, { boot, process, shim }: Begun): Process | 'ended' | 'not yet' {
  if (boot !== thisBoot()) return 'ended';
  if (process && shim && isChild(process, shim)) return process;
  const ended = statusOf(id);
  if (ended && ended !== 'unreadable') return 'ended';
  const first = process ?? toldProcess(id);
  if (!first) return 'not yet';
  return isStill(ended === 'unreadable' ? first : (shim ?? first)) ? first : 'ended';
}

/** Is it still there, with its shim? One whose parent has died is another's child. For most containers this look is enough. */
function isChild({ pid, started }: Process, shim: Process): boolean {
  const stat = processStat(pid);
  return stat?.started === started && !stat.ending && stat.parent === shim.pid;
}

/** The same, as its journal tells: what started it was killed before it could write it down. */
export function toldProcess(id: string): Process | undefined {
  const { pid, started } = (toldIn(id) ?? {}) as Partial<Process>;
  return pid === undefined || started === undefined ? undefined : { pid, started };
}

/** The shim of a container's first process, which is its parent. */
function shimOf({ pid }: Process): Process | undefined {
  const parent = processStat(pid)?.parent ?? 0;
  return parent <= 1 ? undefined : processNumbered(parent);
}

/** The process that has a number now; undefined if none has. */
export function processNumbered(pid: number): Process | undefined {
  const started = processStat(pid)?.started;
  return started === undefined ? undefined : { pid, started };
}

/** A record with the numbers of its processes: by them it is found also when its journal is gone. */
export function withProcesses(record: BoxRecord & { run: Begun }): BoxRecord {
  const first = runningProcess(record.id, record.run);
  if (typeof first === 'string') return record; // it has ended already
  const shim = shimOf(first);
  return { ...record, run: { ...record.run, process: first, ...(shim && { shim }) } };
}

/** Does a shim still watch its container? It may be about to clean up, as another program, and waits for whoever changes it. */
export function watches({ pid, started }: Process): boolean {
  const stat = processStat(pid);
  return stat?.started === started && !stat.ending && stat.name === SHIM;
}

/** The exit status of a container that nobody watched, as docker has it. */
export const NOBODY_KNOWS = 255;

/** How a run ended that isn't running any more. What only the kernel's counters say isn't in it. */
export function endOf(id: string, { startedAt, restartCount, backOff, boot }: Begun): Exited {
  const run = { status: 'exited', startedAt, restartCount, backOff, oomKilled: false } as const;
  const ended = statusOf(id);
  if (ended && ended !== 'unreadable') return { ...run, finishedAt: writtenAt(id), exitCode: exitCodeOf(ended) };
  if (boot !== thisBoot())
    return { ...run, finishedAt: startedAt, exitCode: NOBODY_KNOWS, error: 'the machine has been started anew since' };
  const finishedAt = Date.now();
  if (ended === 'unreadable')
    return { ...run, finishedAt, exitCode: NOBODY_KNOWS, error: `${statusPath(id)} doesn't say how it ended` };
  return { ...run, finishedAt, exitCode: SIGKILLED, error: SHIM_KILLED };
}

/** The exit status of what SIGKILL has ended. */
export const SIGKILLED = 128 + signalNumber('SIGKILL');
const SHIM_KILLED = 'its shim was killed, and the container with it';

/** The exit status that docker gives a container's end. */
export function exitCodeOf({ status, signal }: Ended): number {
  return status ?? 128 + (signal ? signalNumber(signal) : 0);
}

function statusOf(id: string): ReturnType<typeof readStatus> {
  try {
    return readStatus(statusPath(id));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function writtenAt(id: string): number {
  return statSync(statusPath(id)).mtimeMs;
}
