import { watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a folder must be quiet: an editor saves in several steps. */
const QUIET = 150;

/**
 * Does something now, and again at every save in a folder; what is under way is stopped then, and begun anew.
 *
 * @param again - must end soon when its signal comes
 * @param end - ends the watching
 */
export async function watch(folder: string, again: (signal: AbortSignal) => Promise<void>, end: AbortSignal) {
  let saved = Promise.withResolvers<void>();
  const watcher = watchFolder(join(folder, 'src'), { recursive: true, signal: end }, () => saved.resolve());
  watcher.on('error', () => {});
  end.addEventListener('abort', () => saved.resolve());
  while (!end.aborted) {
    const stop = new AbortController();
    const running = again(AbortSignal.any([stop.signal, end]));
    await saved.promise;
    stop.abort();
    await running;
    await sleep(QUIET);
    saved = Promise.withResolvers();
  }
}
