import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Call, close, flock, LOCK_EX, LOCK_NB, perform, tolerate } from 'shared-native';
import { type Deed, isDeed } from './action.ts';
import { makeDirectories } from './make-directories.ts';
import { state } from './state.ts';

/**
 * The journal of a container: a file under its name that says, before anything is done, how to undo all of it.
 * The runtime holds a lock on it. The kernel lets go of a lock when its holder dies, however it dies: so a journal
 * that can be locked belongs to no one, and its undo is still to be done.
 */
export interface Journal {
  /** What a runtime that died left to be undone, last thing first; empty for a new journal. */
  readonly left: readonly Deed[];
  /** Writes down what will have to be undone. */
  record(undo: readonly Deed[]): void;
  /** Adds, on the line after that, what others must know to find this container. Called once. */
  tell(what: unknown): void;
  /**
   * Closes the copy that a child has of it, which shares its lock: a child that outlives the runtime, since somebody has
   * frozen it, would keep it locked for ever.
   */
  readonly letGo: Call;
  /** Forgets it: everything is undone. */
  discard(): void;
  /** Lets go of it, with what it says kept for a later `prune`. */
  close(): void;
}

/**
 * Opens and locks the journal of a name, making it if there is none.
 *
 * @returns undefined if a running container has the name.
 * @throws {Error} if the directory can't be written (EACCES: not root).
 */
export function openJournal(name: string, directory = state().journals): Journal | undefined {
  makeJournals(directory);
  const path = join(directory, name);
  for (;;) {
    const file = opened(path);
    const answer = perform(tolerate(flock(file, LOCK_EX | LOCK_NB), 'EAGAIN'));
    if (answer === 0 && isAt(file, path)) return journal(file, path);
    closeSync(file);
    if (answer !== 0) return undefined;
    // Between open and lock its owner discarded it: the name is free, and the next turn makes a new file.
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'a+', 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EISDIR', 'ENOENT', 'ELOOP', 'ENXIO'].includes(code)) throw error;
    throw new Error(`${path} can't be a journal, because it isn't a file (${code}): remove it`, { cause: error });
  }
}

function makeJournals(directory: string): void {
  try {
    if (!isDirectory(directory)) makeDirectories(directory, 0o755);
  } catch (error) {
    throw new Error(
      `${directory} can't be made (${(error as NodeJS.ErrnoException).code}), and without a journal there nothing could be undone after a crash: make it a directory that root can write to, or give --root another one`,
      { cause: error },
    );
  }
  assertOurs(directory);
}

/** `prune` does what a journal says, as the user who runs it: so nobody else may write one. */
function assertOurs(directory: string): void {
  const { uid, mode } = statSync(directory);
  if (uid === process.geteuid?.() && (mode & 0o002) === 0 && isDirectory(directory)) return;
  throw new Error(
    `${directory} is to hold journals, and is ${isDirectory(directory) ? `a directory that user ${uid} could write to` : 'no directory'}: give --root another one, or remove it`,
  );
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The names that have a journal, of running containers and of dead ones. A file that begins with a dot is none. */
export function journalNames(directory = state().journals): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * What the journal of a name says about its container.
 *
 * @returns undefined if there is no such journal; null if it doesn't say anything yet
 * @throws {Error} that names the file, if it isn't a journal
 */
export function toldIn(name: string, directory = state().journals): unknown {
  const path = join(directory, name);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [, told, end] = text.split('\n');
  if (told === undefined || end === undefined) return null;
  try {
    return JSON.parse(told);
  } catch (error) {
    throw new Error(`${path} doesn't say where its container is: ${(error as Error).message}`, { cause: error });
  }
}

function journal(file: number, path: string): Journal {
  return {
    left: deedsIn(readFileSync(file, 'utf8')),
    letGo: close(file),
    record(undo) {
      ftruncateSync(file);
      writeSync(file, JSON.stringify(undo));
    },
    tell: (what) =>
      void writeSync(
        file,
        `\n${JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? String(value) : value))}\n`,
      ),
    discard() {
      rmSync(path, { force: true }); // /run may have been cleaned
      closeSync(file);
    },
    close: () => closeSync(file),
  };
}

/**
 * The deeds that a journal's text says are to be undone. A text that is cut short was being written when its runtime died, so
 * nothing it speaks of was begun. Anything else that isn't a list of deeds is not ours.
 */
export function deedsIn(text: string): Deed[] {
  if (text === '') return [];
  try {
    const undo: unknown = JSON.parse(text.split('\n', 1)[0] ?? '');
    return Array.isArray(undo) ? undo.filter(isDeed) : [];
  } catch {
    return [];
  }
}

/** Is this open file, or directory, still what is at a path? */
export function isAt(file: number, path: string): boolean {
  const mine = fstatSync(file);
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && there.ino === mine.ino && there.dev === mine.dev;
}
