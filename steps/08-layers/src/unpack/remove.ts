import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';

/** Removes a file, or a directory with all in it. Nothing is followed, and names are bytes. Fine if it is gone. */
export function remove(path: Buffer): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) {
    for (const name of readdirSync(path, { encoding: 'buffer' })) remove(Buffer.concat([path, Buffer.from('/'), name]));
    rmdirSync(path);
  } else if (there) unlinkSync(path);
}
