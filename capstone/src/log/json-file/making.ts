import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { flock, LOCK_EX, LOCK_NB, perform, tolerate } from 'shared-native';
import { say } from 'step-10';
import { nodeArgv, ownEnvironment } from '../../clean-up/command.ts';
import { type BoxRecord, readRecord } from '../../containers/record.ts';
import { stateOf } from '../../containers/state.ts';
import { jsonPath, makingPath } from './place.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Milliseconds between two looks at the lock, and until one that is held by what hangs is let be. */
const LOOK = 5;
const LONGEST = 10_000;

/**
 * To be called before a container is started: its file is there at once, and a line that the last run left without an end isn't
 * the beginning of the next run's first. What goes wrong is said: it doesn't keep a container from its start.
 */
export async function prepareMaking(record: BoxRecord): Promise<void> {
  if (record.logging.driver !== 'json-file') return;
  try {
    closeSync(openSync(jsonPath(record.id), 'a', 0o640));
    await bringUpToDate(record);
  } catch (error) {
    sayNotNow(error as Error);
  }
}

/**
 * Leaves a container that has just been started to a process that makes docker's lines of JSON of its log as long as it runs:
 * Node, some 50 MB. A container with another driver has none.
 */
export function beginMaking({ id, logging }: BoxRecord): void {
  if (logging.driver !== 'json-file') return;
  try {
    const lock = openLock(id);
    isLocked(lock); // from now on, or a command that looks at the container before Node is there would begin another
    leaveTo(id, lock);
    closeSync(lock);
  } catch (error) {
    sayNotNow(error as Error); // it runs all the same, and the next command that looks at it goes on
  }
}

/** Says why lines can't be made, for a command that works without them. */
export function sayNotNow({ message }: Error): void {
  say(`lines of JSON can't be made of its log now: ${message}`);
}

/** Brings a container's lines of JSON up to date. If it runs and what makes them was killed, that is started again. */
export async function bringUpToDate(record: BoxRecord): Promise<void> {
  const { logging, id, run } = record;
  if (logging.driver !== 'json-file' || run.status === 'created') return;
  const { convert } = await import('./convert.ts');
  const lock = openLock(id);
  try {
    if (!(await locked(lock, isRunning(record) ? 0 : LONGEST))) return;
    const now = readRecord(id); // it may have been started while this waited
    if (!now) return;
    if (!isRunning(now)) return await convert(now, 'its end');
    try {
      await convert(now, 'now');
    } finally {
      leaveTo(id, lock); // which waits for room if there is none
    }
  } finally {
    closeSync(lock);
  }
}

function isRunning(record: BoxRecord): boolean {
  return ['running', 'paused'].includes(stateOf(record).status);
}

/** The lock is its descriptor 3, and is let go when both have closed it. */
function leaveTo(id: string, lock: number): void {
  const [node = '', ...args] = nodeArgv(MAIN, id);
  const stdio = ['ignore', 'ignore', 'ignore', lock] as const;
  const making = spawn(node, args, { detached: true, stdio: [...stdio], cwd: '/', env: ownEnvironment() });
  making.once('error', sayNotNow); // no process can be made
  making.unref();
}

function openLock(id: string): number {
  if (!existsSync(makingPath(id))) mkdirSync(makingPath(id), { mode: 0o700 });
  return openSync(makingPath(id), 'r');
}

/** Waits for a lock. @param longest - milliseconds @returns false if that was in vain */
export async function locked(lock: number, longest = LONGEST): Promise<boolean> {
  for (const since = Date.now(); !isLocked(lock); await sleep(LOOK)) if (Date.now() - since >= longest) return false;
  return true;
}

function isLocked(lock: number): boolean {
  return perform(tolerate(flock(lock, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0;
}
