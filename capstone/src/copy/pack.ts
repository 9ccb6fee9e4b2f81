import { closeSync, fstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import { O_CLOEXEC, O_NOFOLLOW, O_PATH } from 'shared-native';
import { inside as idInside, type Maps } from 'step-10';
import { at, BYTES, END, entryOf, Inside, joinBytes } from 'step-10/files';
import { assertSeen, type End } from './end.ts';

// A container may put a link to a file of the host's in the place of a directory while it is copied. So each file is opened
// by its name in a directory that is open, never following a link, and what is written of it is read by that descriptor.

/** What is known of an archive while it is written. */
interface Packing {
  readonly maps: Maps | undefined;
  /** The paths of files that may have other names. */
  readonly links: Map<string, Buffer>;
}

/** A file, or a directory with all in it, as a tar archive. @param called - what it is called there */
export async function* pack(end: End, parts: readonly string[], called: string): AsyncGenerator<Buffer> {
  const inside = new Inside(end.root);
  const name = parts.at(-1) ?? '.';
  try {
    const directory = inside.directoryOf(parts, false);
    assertSeen(end, directory, name, true);
    yield* packOne(at(directory, name), Buffer.from(called, BYTES), { maps: end.maps, links: new Map() });
  } finally {
    inside.forget();
  }
  yield END;
}

async function* packOne(name: Buffer, path: Buffer, packing: Packing): AsyncGenerator<Buffer> {
  const place = openPlace(name);
  if (place === undefined) return;
  try {
    const stat = owned(fstatSync(place), packing.maps);
    if (stat.isSocket()) return; // nobody listens to a copy of one
    yield* entryOf({ place, name, path, stat }, packing.links);
    if (stat.isDirectory()) yield* packAll(place, path, packing);
  } finally {
    closeSync(place);
  }
}

async function* packAll(directory: number, path: Buffer, packing: Packing): AsyncGenerator<Buffer> {
  for (const child of readdirSync(at(directory), { encoding: 'buffer' }).sort(Buffer.compare))
    yield* packOne(at(directory, child.toString(BYTES)), joinBytes(path, child), packing);
}

/** Undefined if it has gone since its directory was listed. */
function openPlace(name: Buffer): number | undefined {
  try {
    return openSync(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whose a file is in the container: 65534, nobody, if none of its users has it. */
function owned(stat: Stats, maps: Maps | undefined): Stats {
  if (!maps) return stat;
  const uid = idInside(maps.uids, stat.uid) ?? 65_534;
  return Object.assign(stat, { uid, gid: idInside(maps.gids, stat.gid) ?? 65_534 });
}
