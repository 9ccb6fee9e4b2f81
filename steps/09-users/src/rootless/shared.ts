import { closeSync, constants, ftruncateSync, openSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import { makeDirectories, processStat, state } from 'step-08';

// Commands that run at the same time share one user namespace: a process of the one could not join what the other's have
// otherwise, since it would have no right over anything there. The file says who is in it: a line for each, as long as they live.

/** The user namespace of a root's commands, with the file of those who are in it locked. */
export interface Shared {
  /** A descriptor of the namespace; undefined if nobody is in one. */
  readonly namespace: number | undefined;
  /** A descriptor of the file: its lock is to be kept until this process is inside. */
  readonly lock: number;
  /** Writes down that this process is in it, too. */
  join(): void;
}

/** Looks for the user namespace that other commands of this root are in, and keeps others from looking meanwhile. */
export function lookForShared(file?: string): Shared {
  const lock = openLocked(file);
  const members = membersIn(lock);
  const opened = members.flatMap((line) => openNamespace(pidOf(line)) ?? []);
  const [namespace, ...others] = opened;
  others.forEach(closeSync);
  return { namespace, lock, join: () => write(lock, [...members, lineOf(process.pid)]) };
}

/**
 * Writes down a process of this one's user namespace that outlives its command: a container's shim. By it later commands find
 * the namespace, without which they would have no right over the container.
 */
export function staysInShared(pid: number, file?: string): void {
  const lock = openLocked(file);
  try {
    write(lock, [...membersIn(lock), lineOf(pid)]);
  } finally {
    closeSync(lock);
  }
}

function openLocked(file = join(state().journals, '.users', 'namespace')): number {
  makeDirectories(dirname(file), 0o755);
  const lock = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  perform(flock(lock, LOCK_EX));
  return lock;
}

function membersIn(lock: number): string[] {
  return readFileSync(lock, 'utf8').split('\n').filter(isAlive);
}

function write(lock: number, members: readonly string[]): void {
  ftruncateSync(lock);
  writeSync(lock, `${members.join('\n')}\n`, 0);
}

function lineOf(pid: number): string {
  return `${pid} ${processStat(pid)?.started}`;
}

/** `1234 567890`: a process, and when it started, so it is no other that has its number now. */
function isAlive(line: string): boolean {
  const stat = processStat(pidOf(line));
  return stat !== undefined && !stat.ending && stat.started === line.split(' ')[1];
}

function pidOf(line: string): number {
  return Number(line.split(' ')[0]);
}

/** The user namespace of a process; undefined if that is ours, or the process has just ended. */
function openNamespace(pid: number): number | undefined {
  const path = `/proc/${pid}/ns/user`;
  try {
    if (readlinkSync(path) === readlinkSync('/proc/self/ns/user')) return undefined;
    return openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
