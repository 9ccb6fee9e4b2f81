import { dirname } from 'node:path';
import { makeDirectories } from 'step-10';
import { changesIn } from './changes.ts';
import { EventReader, type Told } from './command/events/read.ts';
import { eventsPath } from './containers/event.ts';

/** Which events are told. Times are milliseconds since 1970. */
export interface Hearing {
  /** Begin with what has happened since then: now unless given. What was before the last boot is lost, and all but the last 15,000 or so. */
  readonly since?: number;
  /** End with what has happened by then. */
  readonly until?: number;
  /** Ends the loop at once. */
  readonly signal?: AbortSignal;
}

/** The longest that setTimeout waits, in milliseconds: 24.8 days. */
const LONGEST = 2 ** 31 - 1;

/** Yields what happens to containers, images, networks and volumes, as it happens, until the loop over it ends or the signal aborts it. */
export async function* events({ since = Date.now(), until = Infinity, signal }: Hearing = {}): AsyncGenerator<Told> {
  const directory = dirname(eventsPath());
  makeDirectories(directory, 0o755);
  const changes = changesIn(directory);
  const reader = new EventReader(eventsPath());
  let over = until <= Date.now();
  const end = () => {
    over = true;
    changes.wake();
  };
  let timer: NodeJS.Timeout | undefined;
  const waitUntil = () => {
    const left = until - Date.now();
    if (left <= 0) end();
    else if (left < Infinity) timer = setTimeout(waitUntil, Math.min(LONGEST, left));
  };
  waitUntil();
  signal?.addEventListener('abort', changes.wake);
  try {
    while (!signal?.aborted) {
      const last = over;
      const change = changes.next(); // it is watched from here on, or what happens while this reads would be missed
      yield* reader.rest().filter(({ time }) => time >= since && time <= until);
      if (last) return;
      await change;
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', changes.wake);
    changes.close();
    reader.close();
  }
}
