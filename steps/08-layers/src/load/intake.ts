import { constants, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Digest } from '../store/image.ts';
import { putBlob } from '../store/put-blob.ts';
import type { Workplace } from '../store/workplace.ts';
import type { ReadEntry } from '../tar/entry.ts';
import { entries } from '../tar/read.ts';

/** The files of an archive, or of a directory, by their names in it. Their contents are blobs in a workplace. */
export interface Files {
  /** @returns undefined if there is none of that name */
  digestOf(name: string): Promise<Digest | undefined>;
}

/** More files than any archive of images has. */
const MOST_FILES = 100_000;

/**
 * Takes in an archive of images, in one pass: it may come through a pipe, and what its files are is written at its end, or
 * anywhere. Names only find their content again: no file is called so, and nothing outside the workplace is touched.
 *
 * @throws {Error} if it's no tar archive, is damaged, or has more files than an archive of images can have
 */
export async function takeInArchive(place: Workplace, tar: AsyncIterable<Buffer>): Promise<Files> {
  const names = new Names();
  for await (const entry of entries(tar)) {
    const name = inside(entry.path.toString());
    const target = entry.linkpath.toString();
    if (entry.type === 'symlink') names.link(name, inside(posix.resolve('/', posix.dirname(name), target)));
    if (entry.type === 'link') names.link(name, inside(target));
    if (entry.type === 'file') names.add(name, await taken(place, name, entry));
  }
  return { digestOf: async (name) => names.find(inside(name)) };
}

async function taken(place: Workplace, name: string, { body, size }: ReadEntry): Promise<Digest> {
  const { bavail, bsize } = statfsSync(place.directory);
  if (size > bavail * bsize) throw new Error(`${quoted(name)} has ${size} bytes, and only ${bavail * bsize} are free`);
  return put(place, name, body);
}

/** Takes in files of a directory, each once, when it's first asked for: an image with several names is listed once for each. */
export function takeInDirectory(place: Workplace, directory: string): Files {
  const digests = new Map<string, Promise<Digest | undefined>>();
  return {
    digestOf(name) {
      const path = posix.join(directory, inside(name));
      const digest = digests.get(path) ?? takenFrom(path, place, name);
      digests.set(path, digest);
      return digest;
    },
  };
}

/** Not through a link, nor what is not a regular file. */
async function takenFrom(path: string, place: Workplace, name: string): Promise<Digest | undefined> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(noFile);
  if (file === undefined) return undefined;
  if (!(await file.stat()).isFile()) throw new Error(`${path} is not a regular file`);
  return await put(place, name, file.createReadStream({ highWaterMark: 1 << 18 }));
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

async function put(place: Workplace, name: string, chunks: AsyncIterable<Buffer>): Promise<Digest> {
  const [, hex] = /^(?:blobs\/sha256\/)?([a-f0-9]{64})(?:\.json)?$/.exec(inside(name)) ?? [];
  try {
    const { digest } = await putBlob(place, chunks, hex === undefined ? undefined : `sha256:${hex}`);
    return digest;
  } catch (error) {
    throw new Error(`${quoted(name)}: ${(error as Error).message}`, { cause: error });
  }
}

/** What an archive has under which name. */
class Names {
  readonly #digests = new Map<string, Digest>();
  readonly #links = new Map<string, string>();
  readonly #twice = new Set<string>();

  add(name: string, digest: Digest): void {
    this.#count(name);
    if ((this.#digests.get(name) ?? digest) !== digest) this.#twice.add(name);
    this.#digests.set(name, digest);
  }

  link(name: string, target: string): void {
    this.#count(name);
    this.#links.set(name, target);
  }

  /** Follows links as far as the kernel would. */
  find(name: string, links = 40): Digest | undefined {
    if (this.#twice.has(name)) throw new Error(`it has two files called ${quoted(name)}, which aren't the same`);
    const target = this.#links.get(name);
    if (this.#digests.has(name) || target === undefined || links === 0) return this.#digests.get(name);
    return this.find(target, links - 1);
  }

  #count(name: string): void {
    if (this.#digests.has(name) && this.#links.has(name)) this.#twice.add(name);
    if (this.#digests.size + this.#links.size < MOST_FILES) return;
    throw new Error(`it has more than ${MOST_FILES} files, and an archive of images has a few for each layer`);
  }
}

/** A name as seen from the top of the archive; none leads out of it. */
function inside(name: string): string {
  return posix.resolve('/', name).slice(1);
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
