import { existsSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeDirectories, makeOnce, state } from 'step-01';

/**
 * Where an archive is unpacked to, or will be: in `archives` beside the default root filesystem, under a name that
 * changes with the archive's path, size (bytes) and time (ns). Looks at nothing else, and makes nothing.
 *
 * @throws if there is no archive
 */
export function archivePath(archive: string): string {
  const path = resolve(archive);
  const { size, mtimeNs } = statSync(path, { bigint: true });
  const { hash } = process.getBuiltinModule('node:crypto'); // costs a container without an archive 8 ms
  const id = hash('sha256', `${path}\n${size}\n${mtimeNs}`).slice(0, 16);
  const name = basename(path)
    .replace(/\.(tar|tgz|tzst)(\.\w+)?$/i, '')
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60);
  return join(state().cache, 'archives', `${name}-${id}`);
}

/**
 * Unpacks a tar archive, as it is or compressed with gzip or zstd, unless that was done before. No entry is written
 * outside, whatever its name and links say: such an archive is refused. It's there whole or not at all, and any number
 * of processes may do so at once.
 *
 * @param to - its `archivePath`
 * @param say - is told in a line that it takes a while, how far it is, and what came of it
 * @throws if it's no archive, damaged, or one that is refused; if there is no space for it
 */
export async function unpack(archive: string, to: string, say: (line: string) => void): Promise<void> {
  if (existsSync(to)) return;
  say(`Unpacking ${archive}, this once: ${to}`);
  const { unpackInto } = await import('./unpack.ts'); // tar and zlib take 40 ms
  const told: string[] = [];
  makeDirectories(dirname(dirname(to)), 0o755);
  makeDirectories(dirname(to), 0o700); // or every user of the host could run what is set-user-ID in it
  await makeOnce({
    path: to,
    isThere: existsSync,
    otherwise: 'is not what was unpacked',
    make: async (making) => {
      try {
        told.push(...(await unpackInto(making, archive, say)));
      } catch (error) {
        throw isFull(making, error) ? noSpace(archive, making, error) : error;
      }
    },
  });
  for (const line of told) say(line);
}

/**
 * The bytes of a tar archive, which may be compressed with gzip or zstd.
 *
 * @throws if it can't be read, is compressed with something else, or is damaged where its compression shows it
 */
export async function* archiveContents(archive: string): AsyncGenerator<Buffer> {
  const { contents } = await import('./contents.ts'); // zlib, which most containers don't need
  yield* contents(archive);
}

/** By statfs as well: where no inode is left, tar says that the directory it couldn't make isn't there. */
function isFull(directory: string, error: unknown): boolean {
  const causes = causesOf(error).map((cause) => cause as NodeJS.ErrnoException);
  if (causes.some(({ code = '' }) => code === 'ENOSPC' || code === 'EDQUOT')) return true;
  const { bavail, files, ffree } = statfsSync(directory);
  return causes.some(({ syscall }) => syscall) && (bavail === 0 || (files > 0 && ffree === 0));
}

function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

function noSpace(archive: string, making: string, cause: unknown): Error {
  const what = `${archive} can't be unpacked: there is no space left in ${dirname(making)}; nothing of it was kept`;
  return new Error(`${what}. Free some, or set BOXSTEP_CACHE to a directory on a larger filesystem.`, { cause });
}
