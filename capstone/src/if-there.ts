import { openSync, readdirSync } from 'node:fs';

/** Opens a file or a directory to read it. @returns its descriptor; undefined if it isn't there */
export function openIfThere(path: string): number | undefined {
  return ifThere(() => openSync(path, 'r'));
}

/** The names in a directory: none if it isn't there. */
export function namesIn(directory: string): string[] {
  return ifThere(() => readdirSync(directory)) ?? [];
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
