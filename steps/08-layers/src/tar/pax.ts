import type { Extent } from './entry.ts';

/** What a pax header says, each value as bytes: a name or an attribute needn't be text. */
export type Records = ReadonlyMap<string, Buffer>;

const XATTR = 'SCHILY.xattr.';

const NONE: ReadonlyMap<string, Buffer> = new Map();

/**
 * Reads the records of a pax header: `LENGTH KEY=VALUE\n`, one after another.
 *
 * @throws {Error} if one isn't as long as it says
 */
export function readRecords(content: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    const equals = content.indexOf(0x3d, space);
    const end = at + length;
    if (space < at || !/^[1-9]\d*$/.test(content.toString('latin1', at, space)) || end > content.length)
      throw new Error('a record of its pax header has an impossible length');
    if (equals === -1 || equals >= end || content[end - 1] !== 0x0a)
      throw new Error("a record of its pax header isn't as long as it says");
    add(records, content.toString('latin1', space + 1, equals), content.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** Of a key that comes again, the last value counts; but the parts of a sparse file come one after another. */
function add(records: Map<string, Buffer>, key: string, value: Buffer): void {
  const before = /^GNU\.sparse\.(offset|numbytes)$/.test(key) ? records.get(key) : undefined;
  records.set(key, Buffer.from(before ? Buffer.concat([before, Buffer.from(','), value]) : value));
}

/** The extended attributes among the records. */
export function xattrsIn(records: Records): ReadonlyMap<string, Buffer> {
  if (records.size === 0) return NONE;
  return new Map(
    [...records].flatMap(([key, value]) =>
      key.startsWith(XATTR) ? [[Buffer.from(key.slice(XATTR.length), 'latin1').toString(), value] as const] : [],
    ),
  );
}

/** One record, with its length, which counts its own digits. */
export function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** The record of an extended attribute. */
export function xattrRecord(name: string, value: Buffer): Buffer {
  return record(`${XATTR}${name}`, value);
}

/** The parts of a sparse file as GNU's formats 0.0 and 0.1 have them, in the header; undefined for another file. */
export function sparseMap(records: Records): Extent[] | undefined {
  const list = (key: string) => records.get(key)?.toString('latin1').split(',').map(Number);
  const map = list('GNU.sparse.map');
  if (map) return pairs(map);
  const [offsets, lengths] = [list('GNU.sparse.offset'), list('GNU.sparse.numbytes')];
  return offsets && lengths ? pairs(offsets.flatMap((at, nth) => [at, lengths[nth] ?? Number.NaN])) : undefined;
}

/** @throws {Error} if they are no pairs of numbers */
export function pairs(numbers: readonly number[]): Extent[] {
  if (numbers.length % 2 !== 0 || numbers.some((one) => !Number.isSafeInteger(one) || one < 0))
    throw new Error('the map of a sparse file is damaged');
  const all = numbers.flatMap((at, nth) => (nth % 2 === 0 ? [{ at, length: numbers[nth + 1] as number }] : []));
  return all.filter(({ length }) => length > 0);
}
