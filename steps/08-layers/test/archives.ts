import { END, header, padding, type Written } from '../src/tar/write.ts';

/** An entry of a test's archive: what isn't said is as usual. */
export type Given = Partial<Omit<Written, 'path' | 'linkpath' | 'size' | 'xattrs'>> & {
  path: string | Buffer;
  linkpath?: string | Buffer;
  body?: string | Buffer;
  xattrs?: Record<string, Buffer>;
};

/** One entry as it stands in an archive. */
export function entry({ path, linkpath = '', body = '', xattrs = {}, ...rest }: Given): Buffer {
  const content = Buffer.from(body as string);
  const type = rest.type ?? (String(path).endsWith('/') ? 'directory' : 'file');
  const head = header({
    ...{ mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, mtime: 1_700_000_000, major: 0, minor: 0 },
    ...rest,
    type,
    path: Buffer.from(path as string),
    linkpath: Buffer.from(linkpath as string),
    size: content.length,
    xattrs: new Map(Object.entries(xattrs)),
  });
  return Buffer.concat([head, content, padding(content.length)]);
}

/** A tar archive of these entries. */
export function archive(...entries: readonly Given[]): Buffer {
  return Buffer.concat([...entries.map(entry), END]);
}

/** Bytes as they come from a file or a pipe: in pieces, each in the memory of the one before. */
export async function* inPieces(bytes: Buffer, length = 1000): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(length);
  for (let at = 0; at < bytes.length; at += length) yield piece.subarray(0, bytes.copy(piece, 0, at, at + length));
}
