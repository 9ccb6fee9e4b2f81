import { closeSync, fstatSync, readSync } from 'node:fs';
import type { Event } from '../../containers/event.ts';
import { openIfThere } from '../../if-there.ts';

/** An event, with its time in milliseconds. */
export interface Told extends Event {
  readonly time: number;
}

/**
 * Tells of the events in a file, from a place on. A line that isn't whole is being written, or cut short: it is left for the
 * next time.
 *
 * @returns where to go on
 */
export function toldFrom(path: string, at: number, tell: (event: Told) => void): number {
  const text = textFrom(path, at);
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

function textFrom(path: string, at: number): Buffer {
  const file = openIfThere(path);
  if (file === undefined) return Buffer.alloc(0); // nothing has happened yet
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error(`${path} is no file, so there are no events in it: remove it`);
    const bytes = Buffer.alloc(Math.max(0, stat.size - at));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at));
  } finally {
    closeSync(file);
  }
}
