import { type FSWatcher, watch } from 'node:fs';

/**
 * Tells of changes in a directory. In one that is gone, with the container, there are none.
 *
 * @param renamed - called at once when there is another name in it, or one less
 */
export function changesIn(
  directory: string,
  renamed = () => {},
): { next(): Promise<void>; wake(): void; close(): void } {
  let wake = () => {};
  const watcher = watchIfThere(directory, (kind) => {
    if (kind === 'rename') renamed();
    wake();
  });
  return {
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    wake: () => wake(),
    close: () => watcher?.close(),
  };
}

function watchIfThere(directory: string, changed: (kind: string) => void): FSWatcher | undefined {
  try {
    return watch(directory, changed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
