import { lstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { entries } from './submission/door.ts';
import { type Bytes, bytes, raw, within } from './submission/names.ts';

/** Milliseconds between two looks at a folder. Between saves of an editor's that take several steps it never looks the same. */
const EVERY = 200;

/** The most files and folders that are looked at in one of them, and how deep. */
const [MOST, DEEPEST] = [2000, 4];

/**
 * Does something now, and again whenever a file below a folder's src/ is another; what is under way is stopped then, and
 * begun anew. It looks at the files themselves: inotify(7) watches an inode, which goes with a folder that is renamed, sees
 * nothing of a folder shared with another machine, and there is a limit on how many may be watched.
 *
 * @param again - must end soon when its signal comes
 * @param end - ends the watching
 */
export async function watch(folder: string, again: (signal: AbortSignal) => Promise<void>, end: AbortSignal) {
  const source = within(bytes(folder), 'src');
  while (!end.aborted) {
    const seen = await atRest(source, end);
    if (end.aborted) return;
    const stop = new AbortController();
    const running = again(AbortSignal.any([stop.signal, end]));
    const failing = running.then(() => new Promise<never>(() => {}));
    await Promise.race([failing, otherThan(seen, source, end)]);
    stop.abort();
    await running;
  }
}

/** Waits until a folder looks the same twice. @returns how it looks */
async function atRest(folder: Bytes, end: AbortSignal): Promise<string> {
  let [before, now] = ['', stateOf(folder)];
  do {
    before = now;
    await pause(end);
    now = stateOf(folder);
  } while (now !== before && !end.aborted);
  return now;
}

async function otherThan(seen: string, folder: Bytes, end: AbortSignal): Promise<void> {
  while (!end.aborted && stateOf(folder) === seen) await pause(end);
}

function pause(end: AbortSignal): Promise<void> {
  return sleep(EVERY, undefined, { signal: end }).catch(() => {});
}

/** All files as one text that is another when one is written, replaced, added or removed. */
function stateOf(folder: Bytes, depth = 1): string {
  try {
    return entries(folder, MOST)
      .map(({ name, kind }) => {
        const path = within(folder, name);
        if (kind === 'folder') return depth < DEEPEST ? `${name}/\n${stateOf(path, depth + 1)}` : name;
        const { ino, size, ctimeNs } = lstatSync(raw(path), { bigint: true });
        return `${name} ${ino} ${size} ${ctimeNs}`;
      })
      .join('\n');
  } catch {
    return ''; // it isn't there, or is just being replaced
  }
}
