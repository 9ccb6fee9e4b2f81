import { createReadStream, statSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPath } from '../store/places.ts';
import { END, header, padding } from '../tar/write.ts';
import { type Saved, type SavedFile, savedFiles } from './contents.ts';

/** Images as a tar archive that docker, podman, skopeo and containerd read. */
export async function* archiveOf(saved: readonly Saved[]): AsyncGenerator<Buffer> {
  for (const name of ['blobs/', 'blobs/sha256/']) yield head(name, 0);
  for (const file of savedFiles(saved)) {
    const size = sizeOf(file);
    yield head(file.name, size);
    if ('text' in file) yield Buffer.from(file.text);
    else yield* createReadStream(blobPath(file.blob), { highWaterMark: 1 << 18 });
    yield padding(size);
  }
  yield END;
}

/**
 * Writes images to a directory, as an OCI image layout.
 *
 * @throws {Error} if something is there that isn't empty
 */
export async function writeLayout(saved: readonly Saved[], directory: string): Promise<void> {
  for (const file of savedFiles(saved)) {
    const path = join(directory, file.name);
    await mkdir(dirname(path), { recursive: true });
    if ('text' in file) await writeFile(path, file.text);
    else await copyFile(blobPath(file.blob), path);
  }
}

/** Nothing of the machine or of the day is in it: no owner, no time. */
function head(name: string, size: number): Buffer {
  const isDirectory = name.endsWith('/');
  return header({
    type: isDirectory ? 'directory' : 'file',
    path: Buffer.from(name),
    linkpath: Buffer.alloc(0),
    mode: isDirectory ? 0o755 : 0o644,
    ...{ uid: 0, gid: 0, mtime: 0, major: 0, minor: 0, size, xattrs: new Map() },
  });
}

function sizeOf(file: SavedFile): number {
  return 'text' in file ? Buffer.byteLength(file.text) : statSync(blobPath(file.blob)).size;
}
