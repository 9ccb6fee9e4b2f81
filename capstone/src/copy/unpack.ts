import { closeSync, lstatSync, lutimesSync, openSync, readFileSync } from 'node:fs';
import { O_CLOEXEC, O_NOFOLLOW, O_PATH } from 'shared-native';
import { type Maps, outside } from 'step-10';
import { at, BYTES, entries, Inside, make, partsOf, quoted, type ReadEntry } from 'step-10/files';
import { assertSeen, type End } from './end.ts';
import { place } from './locate.ts';

/** Whose the copies are. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Unpacks a tar archive at an end of a copy.
 *
 * @param base - the directory, which is there
 * @param owner - the archive's own, unless given
 * @returns the sizes of its files, added up (bytes)
 * @throws {Error} in docker's words, if a directory is in the place of something else, or something else in that of one
 */
export async function unpack(
  tar: AsyncIterable<Buffer>,
  end: End,
  base: readonly string[],
  owner?: Owner,
): Promise<number> {
  const inside = new Inside(end.root);
  let bytes = 0;
  const directories: { parts: readonly string[]; mtime: number }[] = [];
  try {
    for await (const entry of entries(tar)) {
      const own = partsOf(entry.path);
      if (own.length === 0) continue; // the directory that is there
      const parts = [...base, ...own];
      assertPlace(end, inside, entry, parts);
      const whose = onHost(owner ?? entry, end.maps);
      await make(inside, { ...entry, ...whose, linkpath: linkpathOf(entry, base) }, parts);
      bytes += entry.size;
      if (entry.type === 'directory') directories.push({ parts, mtime: entry.mtime });
    }
    for (const { parts, mtime } of directories) lutimesSync(place(inside, parts), mtime, mtime);
    return bytes;
  } finally {
    inside.forget();
  }
}

/** @throws {Error} in docker's words, if the container has no such user or group */
function onHost({ uid, gid }: Owner, maps: Maps | undefined): Owner {
  if (!maps) return { uid, gid };
  const [hosts, hostsGroup] = [outside(maps.uids, uid), outside(maps.gids, gid)];
  if (hosts === undefined) throw new Error(`Container ID ${uid} cannot be mapped to a host ID`);
  if (hostsGroup === undefined) throw new Error(`Container ID ${gid} cannot be mapped to a host ID`);
  return { uid: hosts, gid: hostsGroup };
}

function assertPlace(end: End, inside: Inside, { path, type }: ReadEntry, parts: readonly string[]): void {
  const directory = inside.directoryOf(parts, true);
  const name = parts.at(-1) as string;
  assertSeen(end, directory, name, false);
  const there = lstatSync(at(directory, name), { throwIfNoEntry: false });
  const target = Buffer.from(`/${parts.join('/')}`, BYTES);
  if (there && !there.isDirectory() && isMounted(directory, name))
    throw new Error(`unlinkat ${quoted(target).slice(1, -1)}: device or resource busy`);
  if (!there || there.isDirectory() === (type === 'directory')) return;
  const [one, other] = there.isDirectory() ? ['directory', 'non-directory'] : ['non-directory', 'directory'];
  throw new Error(`cannot overwrite ${one} ${quoted(target)} with ${other} ${quoted(path)}`);
}

/**
 * Is a file mounted there? Where the container sees it, nobody could replace it (EBUSY). From here, in another mount namespace,
 * the kernel would, and unmount it in the container.
 */
function isMounted(directory: number, name: string): boolean {
  const file = openSync(at(directory, name), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  try {
    return mountOf(file) !== mountOf(directory);
  } finally {
    closeSync(file);
  }
}

/** The number of the mount that a descriptor is of: proc_pid_fdinfo(5). */
function mountOf(descriptor: number): string | undefined {
  return /^mnt_id:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
}

/** A hard link's target is a path of the archive's, from where it is unpacked. */
function linkpathOf({ type, linkpath }: ReadEntry, base: readonly string[]): Buffer {
  return type === 'link' ? Buffer.from([...base, ...partsOf(linkpath)].join('/'), BYTES) : linkpath;
}
