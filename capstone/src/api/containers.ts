import { Command } from 'commander';
import { type Narrator, signalNamed } from 'step-10';
import { killNamed } from '../command/kill/kill.ts';
import { type CreateFlags, createFlags, wantedBy } from '../command/run-flags.ts';
import { find, idOf } from '../containers/find.ts';
import type { BoxRecord } from '../containers/record.ts';
import * as made from '../create.ts';
import { pause as frozen } from '../pause.ts';
import * as removed from '../remove.ts';
import { rename as renamed } from '../rename.ts';
import { start as started } from '../start.ts';
import { stop as stopped } from '../stop.ts';
import { ended } from '../wait.ts';

// Each function takes a container's name, its id, or the beginning of that, as the commands do.

/** What a new container is to be like. Only the image must be given. */
export interface Wish {
  /** An image of the store (`pull` it first), or the path of a directory or an archive. */
  readonly image: string;
  /** What it runs: what the image says unless given. */
  readonly command?: readonly string[];
  /** Its name: a random one unless given. */
  readonly name?: string;
  /** The flags of `./boxstep create`, as they are typed: `['--memory', '64m', '--network', 'none']`. */
  readonly flags?: readonly string[];
}

/**
 * Makes a container that doesn't run yet.
 *
 * @example
 * const { id } = create({ image: 'demo', command: ['sleep', '60'], name: 'web', flags: ['--memory', '64m'] });
 * @throws {NameTaken}
 * @throws {Error} if there is no such image, or a name or flag is wrong; then nothing has been made
 */
export function create({ image, command = [], name, flags = [] }: Wish): BoxRecord {
  const typed = name === undefined ? flags : [...flags, '--name', name];
  return made.create(wantedBy(flagsOf(typed), [image, ...command]));
}

function flagsOf(typed: readonly string[]): CreateFlags {
  const command = createFlags(new Command('create')).allowExcessArguments(false).helpOption(false);
  command.exitOverride().configureOutput({ writeErr() {} }); // it throws what it would write
  return command.parse(typed, { from: 'user' }).opts<CreateFlags>();
}

/**
 * Starts a container, unless it runs. It goes on when the program ends.
 *
 * @param narrator - is told of each call that the container's first process makes
 * @returns its record, and whether it was started now
 * @throws {NotStarted} with the exit status that `run` would have: 127 if its command isn't there, 126 if it can't be executed
 * @throws {NoSuchContainer}
 */
export async function start(
  called: string,
  { narrator }: { readonly narrator?: Narrator } = {},
): Promise<{ record: BoxRecord; isNew: boolean }> {
  return started(idOf(called), narrator ? { narrator } : {});
}

/**
 * Waits until a container doesn't run any more.
 *
 * @returns its exit status: 128 and the signal's number if a signal ended it
 * @throws {NoSuchContainer}
 */
export async function wait(called: string): Promise<number> {
  return ended(find(called));
}

/** How a container is stopped: as it was told when it was made, unless given. */
export interface Stopping {
  /** The signal that it can handle: `'SIGTERM'`, `'INT'`, `'15'`. */
  readonly signal?: string;
  /** Seconds from that to SIGKILL; Infinity for never. */
  readonly timeout?: number;
}

/**
 * Ends a container: by a signal that it can handle, and after 10 seconds by SIGKILL. If it doesn't run, this does nothing.
 *
 * @throws {NoSuchContainer}
 */
export async function stop(called: string, { signal, ...timeout }: Stopping = {}): Promise<void> {
  await stopped(idOf(called), { ...timeout, ...(signal !== undefined && { signal: signalNamed(signal) }) });
}

/**
 * Sends a signal to a container's first process.
 *
 * @example
 * await kill('web', 'HUP');
 * @throws {Error} if there is no such container or signal, or it doesn't run
 */
export async function kill(called: string, signal = 'SIGKILL'): Promise<void> {
  await killNamed(called, signalNamed(signal));
}

/** Makes all processes of a container stand still. @throws {NoSuchContainer}; {Error} if it doesn't run, or stands still */
export async function pause(called: string): Promise<void> {
  await frozen(idOf(called), true);
}

/** Lets a paused container go on. @throws {NoSuchContainer}; {Error} if it isn't paused */
export async function unpause(called: string): Promise<void> {
  await frozen(idOf(called), false);
}

/** Gives a container another name. @throws {NoSuchContainer}; {Error} if it is no name, or another container has it */
export async function rename(called: string, name: string): Promise<void> {
  await renamed(idOf(called), name);
}

/**
 * Removes a container, with all that it wrote.
 *
 * @param how - force: also one that runs; volumes: with its volumes that have no name
 * @throws {StillRunning} without force
 * @throws {NoSuchContainer}
 */
export async function remove(called: string, how: removed.Removing = {}): Promise<void> {
  await removed.remove(idOf(called), how);
}
