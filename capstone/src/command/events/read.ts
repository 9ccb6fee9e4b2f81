import { closeSync, fstatSync, readSync } from 'node:fs';
import { isAt } from 'step-10';
import type { Event } from '../../containers/event.ts';
import { olderEvents } from '../../containers/event-file.ts';
import { openIfThere } from '../../if-there.ts';

/** An event, with its time in milliseconds. */
export interface Told extends Event {
  readonly time: number;
}

/** Reads events from the oldest on, one file after another. A file that is put aside meanwhile is read to its end. */
export class EventReader {
  readonly #path: string;
  #file: number | undefined;
  #at = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What has come since the last look. */
  rest(): Told[] {
    const all: Told[] = [];
    for (;;) {
      this.#file ??= this.#oldest();
      if (this.#file === undefined) return all; // nothing has happened yet
      const isNewest = isAt(this.#file, this.#path); // if not, nobody writes to it any more
      this.#at = toldFrom(this.#file, this.#at, (told) => all.push(told));
      const next = isNewest ? undefined : this.#next(this.#file);
      if (next === undefined) return all;
      this.close();
      this.#file = next;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#at = 0;
  }

  #oldest(): number | undefined {
    const newest = openFile(this.#path); // first, since it may be put aside just now
    const older = openFile(olderEvents(this.#path));
    if (older !== undefined && newest !== undefined) closeSync(newest);
    return older ?? newest;
  }

  /** What comes after a file that was put aside: the newest, unless that has been put aside in its turn. */
  #next(file: number): number | undefined {
    const older = olderEvents(this.#path);
    if (!isAt(file, older)) return this.#oldest();
    const newest = openFile(this.#path);
    if (newest === undefined || isAt(file, older)) return newest;
    closeSync(newest);
    return this.#oldest();
  }
}

/** @throws {Error} if there is something else */
function openFile(path: string): number | undefined {
  const file = openIfThere(path);
  if (file === undefined || fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`${path} is no file, so there are no events in it: remove it`);
}

/**
 * Tells of the events in a file, from a place on. A line that isn't whole is being written, or cut short: it is left for the
 * next time.
 *
 * @returns where to go on
 */
function toldFrom(file: number, at: number, tell: (event: Told) => void): number {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - at));
  const text = bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at));
  const whole = text.subarray(0, text.lastIndexOf(0x0a) + 1);
  for (const line of whole.toString().split('\n')) {
    const event = eventIn(line);
    if (event) tell(event);
  }
  return at + whole.length;
}

/** What isn't an event was cut short when the machine went down: it is passed over. */
function eventIn(line: string): Told | undefined {
  try {
    const event = JSON.parse(line) as Event;
    return { ...event, time: Number(event.timeNano.slice(0, -6)) };
  } catch {
    return undefined;
  }
}
