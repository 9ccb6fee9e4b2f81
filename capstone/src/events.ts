import { watch } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectories } from 'step-10';
import { type Told, toldFrom } from './command/events/read.ts';
import { eventsPath } from './containers/event.ts';

/**
 * Yields what happens to containers, as it happens, until the loop over it ends or the signal aborts it.
 *
 * @param since - milliseconds since 1970: begin with what has happened since then; what was before the last boot is lost
 */
export async function* events({
  since = Date.now(),
  signal,
}: {
  since?: number;
  signal?: AbortSignal;
} = {}): AsyncGenerator<Told> {
  const over = new AbortController();
  const stop = () => over.abort();
  signal?.addEventListener('abort', stop);
  makeDirectories(dirname(eventsPath()), 0o755);
  const changes = watch(dirname(eventsPath()), { signal: over.signal })[Symbol.asyncIterator]();
  try {
    for (let at = 0; !signal?.aborted; ) {
      const change = changes.next(); // it is watched from here on, or what happens while this reads would be missed
      change.catch(() => {});
      const all: Told[] = [];
      at = toldFrom(eventsPath(), at, (told) => all.push(told));
      yield* all.filter(({ time }) => time >= since);
      await change;
    }
  } catch (error) {
    if (!over.signal.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
