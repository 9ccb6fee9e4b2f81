import { type FSWatcher, watch } from 'node:fs';

/** Tells of changes in a directory. In one that is gone, with the container, there are none. */
export function changesIn(directory: string): { next(): Promise<void>; wake(): void; close(): void } {
  let wake = () => {};
  const watcher = watchIfThere(directory, () => wake());
  return {
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    wake: () => wake(),
    close: () => watcher?.close(),
  };
}

function watchIfThere(directory: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(directory, changed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
