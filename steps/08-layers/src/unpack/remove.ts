import { rmSync } from 'node:fs';

/** Removes a file, or a directory with all in it. No link is followed, and names are bytes. Fine if it is gone. */
export function remove(path: Buffer): void {
  rmSync(path, { recursive: true, force: true });
}
