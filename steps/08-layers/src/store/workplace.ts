import { closeSync, constants, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB, LOCK_SH, perform, tolerate } from 'shared-native';
import { closeHeld, hold, isAt, makeDirectories } from 'step-07';

/**
 * A directory of this process alone, in which something is made that a rename or a link then puts in its place. It's locked
 * while its owner lives, and the kernel lets go of a lock however its owner dies: so what a killed one left, the next removes.
 */
export interface Workplace {
  readonly directory: string;
  /** Removes it with all in it. */
  close(): void;
}

/** @param parent - on the filesystem of the place where things will go. @throws if it can't be written to */
export function openWorkplace(parent: string): Workplace {
  makeDirectories(parent, 0o700);
  removeDead(parent);
  for (;;) {
    const directory = mkdtempSync(join(parent, 'work-'));
    const fd = openDirectory(directory);
    if (fd === undefined) continue;
    perform(flock(fd, LOCK_SH));
    if (!isAt(fd, directory))
      closeSync(fd); // somebody took it for a dead one's before it was locked
    else return workplace(directory, fd);
  }
}

function workplace(directory: string, fd: number): Workplace {
  hold(fd);
  return {
    directory,
    close() {
      rmSync(directory, { recursive: true, force: true });
      closeHeld(fd);
    },
  };
}

function removeDead(parent: string): void {
  for (const name of readdirSync(parent)) {
    const directory = join(parent, name);
    const fd = openDirectory(directory);
    if (fd === undefined) continue;
    const isFree = perform(tolerate(flock(fd, LOCK_EX | LOCK_NB), 'EAGAIN')) === 0;
    if (isFree && isAt(fd, directory)) rmSync(directory, { recursive: true, force: true });
    closeSync(fd);
  }
}

function openDirectory(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
