import { BLOCK, type Entry } from './entry.ts';
import { sumOf } from './header.ts';
import { record, xattrRecord } from './pax.ts';

/** What is written of a file: all that a layer says of it, but for a body, which follows. */
export type Written = Omit<Entry, 'extents'>;

const LETTERS = { file: '0', link: '1', symlink: '2', character: '3', block: '4', directory: '5', fifo: '6' } as const;

/** The largest numbers of fields of 8 and of 12 bytes, in octal digits and a NUL. */
const MOST_8 = 0o7777777;
const MOST_12 = 0o77777777777;

/**
 * The header of an entry, a pax header before it where it doesn't fit into one of POSIX's. The same entry is always the
 * same bytes.
 */
export function header(entry: Written): Buffer {
  const records = recordsOf(entry);
  if (records.length === 0) return ustar(entry, LETTERS[entry.type]);
  const content = Buffer.concat(records);
  const name = Buffer.concat([Buffer.from('PaxHeaders/'), entry.path.subarray(0, 80)]);
  const before = ustar({ ...NOBODY, path: name, size: content.length }, 'x');
  return Buffer.concat([before, content, padding(content.length), ustar(entry, LETTERS[entry.type])]);
}

/** The zeros that fill the last block of a body. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What ends an archive. */
export const END = Buffer.alloc(2 * BLOCK);

const NOBODY = {
  type: 'file',
  linkpath: Buffer.alloc(0),
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0,
  major: 0,
  minor: 0,
} as const;

function recordsOf({ path, linkpath, size, uid, gid, mtime, xattrs }: Written): Buffer[] {
  const number = (key: string, value: number, most: number) =>
    value > most || value < 0 ? [record(key, Buffer.from(String(value)))] : [];
  return [
    ...number('gid', gid, MOST_8),
    ...(linkpath.length > 100 ? [record('linkpath', linkpath)] : []),
    ...number('mtime', Math.floor(mtime), MOST_12),
    ...(path.length > 100 ? [record('path', path)] : []),
    ...[...xattrs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => xattrRecord(name, value)),
    ...number('size', size, MOST_12),
    ...number('uid', uid, MOST_8),
  ];
}

function ustar(entry: Omit<Written, 'xattrs'>, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) => {
    const fits = value >= 0 && value < 8 ** (length - 1);
    block.write((fits ? value : 0).toString(8).padStart(length - 1, '0'), at, 'latin1');
  };
  entry.path.copy(block, 0, 0, 100);
  octal(entry.mode, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(Math.floor(entry.mtime), 136, 12);
  block.write(type, 156, 'latin1');
  entry.linkpath.copy(block, 157, 0, 100);
  block.write('ustar\0' + '00', 257, 'latin1');
  octal(entry.major, 329, 8);
  octal(entry.minor, 337, 8);
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
