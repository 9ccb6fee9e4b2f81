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
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const why = LIMITS[code];
    throw why ? new Error(`to watch ${directory} with inotify: ${code}: ${why}`, { cause: error }) : error;
  }
}

/** inotify(7) has limits that Node's messages don't name: they say `too many open files`. */
const LIMITS: Readonly<Record<string, string>> = {
  EMFILE:
    'this user has as many inotify instances as /proc/sys/fs/inotify/max_user_instances allows, or this process as many files as `ulimit -n`; end some `logs -f` or `events`, or raise the limit',
  ENOSPC:
    'this user watches as many files and directories as /proc/sys/fs/inotify/max_user_watches allows; end some `logs -f` or `events`, or raise the limit',
};
