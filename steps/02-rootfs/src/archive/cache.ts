import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB, LOCK_SH, perform, tolerate } from 'shared-native';
import { isAt } from 'step-01';
import { archivePath, unpack } from './archive.ts';

/**
 * Unpacks an archive unless that was done before, and keeps it from being removed while this process lives. What was
 * unpacked from an archive that is gone by now, or has changed, nobody can name any more: it is removed, if no container
 * has it as its root.
 *
 * @param to - its `archivePath`
 * @throws as `unpack` does
 */
export async function provide(archive: string, to: string, say: (line: string) => void): Promise<void> {
  const isNew = !existsSync(to);
  do await unpack(archive, to, say);
  while (!hold(to));
  if (!isNew) return;
  writeFileSync(noteOf(to), archive);
  for (const stale of removeStale(dirname(to)))
    say(`Removed ${stale}: the archive it came from is gone, or has changed`);
}

/** Says which archive a directory was unpacked from. */
function noteOf(unpacked: string): string {
  return `${unpacked}.archive`;
}

/** By a lock, which the kernel lets go of when this process ends, however it ends. False if the directory was gone before. */
function hold(unpacked: string): boolean {
  const directory = open(unpacked);
  if (directory === undefined) return false;
  perform(flock(directory, LOCK_SH));
  if (isAt(directory, unpacked)) return true;
  closeSync(directory);
  return false;
}

function removeStale(cache: string): string[] {
  const entries = readdirSync(cache, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.includes('.making-'))
    .map((entry) => join(cache, entry.name))
    .filter((unpacked) => !isCurrent(unpacked) && remove(unpacked));
}

/** Would its archive be unpacked to this place today? */
function isCurrent(unpacked: string): boolean {
  try {
    return archivePath(readFileSync(noteOf(unpacked), 'utf8')) === unpacked;
  } catch {
    return false;
  }
}

/** False if a container uses it, or somebody else removes it. */
function remove(unpacked: string): boolean {
  const directory = open(unpacked);
  if (directory === undefined) return false;
  try {
    if (perform(tolerate(flock(directory, LOCK_EX | LOCK_NB), 'EAGAIN')) !== 0 || !isAt(directory, unpacked))
      return false;
    const going = `${unpacked}.making-${process.pid}-no-more`; // what is left of it if this is killed, the next removes
    renameSync(unpacked, going);
    rmSync(going, { recursive: true });
    rmSync(noteOf(unpacked), { force: true });
    return true;
  } finally {
    closeSync(directory);
  }
}

function open(directory: string): number | undefined {
  try {
    return openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
