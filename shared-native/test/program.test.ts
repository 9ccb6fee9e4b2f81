import { expect, test } from 'vitest';
import {
  execve,
  exitGroup,
  fchdir,
  getpid,
  layOut,
  MAX_PROGRAM_BYTES,
  type Machine,
  mkdir,
  mount,
  NOT_MADE,
  openat,
  RECORD,
  RECORD_BYTES,
  SYSCALL_NUMBERS,
  tolerate,
} from '../src/index.ts';

const word = (image: Uint8Array, offset: number) => Buffer.from(image).readBigInt64LE(offset);
const pointed = (image: Uint8Array, record: number, nth: number) =>
  word(image, Number(word(image, record * RECORD_BYTES + RECORD.arguments + nth * 8)));

test.each(['x64', 'arm64'] as Machine[])('a call is a record with the number that %s has for it', (machine) => {
  const { image } = layOut([exitGroup(3)], machine);
  expect(word(image, RECORD.number)).toBe(BigInt(SYSCALL_NUMBERS.exit_group[machine === 'x64' ? 0 : 1]));
  expect(pointed(image, 0, 0)).toBe(3n);
  expect(word(image, RECORD.result)).toBe(BigInt(NOT_MADE));
});

test('a string is a pointer to its bytes, which end in a NUL byte', () => {
  const { image } = layOut([mount('proc', '/proc', 'proc')], 'x64');
  const target = Number(pointed(image, 0, 1));
  expect(Buffer.from(image).toString('utf8', target, target + 6)).toBe('/proc\0');
});

test('a list of strings is a list of pointers that ends in a null pointer', () => {
  const { image } = layOut([execve('/bin/echo', ['echo', 'hello'], [])], 'x64');
  const list = Number(pointed(image, 0, 1));
  const second = Number(word(image, list + 8));
  expect(Buffer.from(image).toString('utf8', second, second + 6)).toBe('hello\0');
  expect(word(image, list + 16)).toBe(0n);
  expect(word(image, Number(pointed(image, 0, 2)))).toBe(0n);
});

test('a call as an argument is a pointer to where that call leaves its result', () => {
  const root = openat(-100, '/', 0);
  const { image } = layOut([root, fchdir(root)], 'x64');
  expect(word(image, RECORD_BYTES + RECORD.arguments)).toBe(BigInt(RECORD.result));
});

test('a call whose result is wanted must stand earlier in the program', () => {
  expect(() => layOut([fchdir(openat(-100, '/', 0))], 'x64')).toThrow(
    'fchdir takes the result of openat, which must stand earlier in the same program',
  );
});

test('an error that is fine stands in its record, negative', () => {
  const { image } = layOut([tolerate(mkdir('/proc', 0o555), 'EEXIST')], 'x64');
  expect(word(image, RECORD.tolerated)).toBe(-17n);
});

test('arm64, which never had mkdir, gets mkdirat with AT_FDCWD before the same arguments', () => {
  const { image } = layOut([mkdir('/box', 0o755)], 'arm64');
  expect(word(image, RECORD.number)).toBe(34n);
  expect(pointed(image, 0, 0)).toBe(-100n);
  expect(pointed(image, 0, 2)).toBe(0o755n);
});

test('a list goes on with the record that follows, and after a failure, or its end, with exit_group(127)', () => {
  const { image, records } = layOut([getpid(), getpid()], 'x64');
  const end = 2 * RECORD_BYTES;
  expect(records).toEqual([0, RECORD_BYTES, end]);
  expect([0, 1].map((nth) => Number(word(image, nth * RECORD_BYTES + RECORD.next)))).toEqual([RECORD_BYTES, end]);
  expect([0, 1].map((nth) => Number(word(image, nth * RECORD_BYTES + RECORD.other)))).toEqual([end, end]);
  expect(word(image, end + RECORD.number)).toBe(231n);
  expect(pointed(image, 2, 0)).toBe(127n);
});

test('every pointer is listed, so that loading the program can turn it into an address', () => {
  const { image, pointers } = layOut([execve('/bin/true', ['true'], ['A=1'])], 'x64');
  for (const offset of pointers) expect(word(image, offset)).toBeLessThan(BigInt(image.length));
  expect(new Set(pointers).size).toBe(pointers.length);
});

test('a program that is larger than its memory is refused', () => {
  const large = Array.from({ length: 150 }, (_, n) => `${100 + n}`.repeat(40_000));
  expect(() => layOut([execve('/bin/true', large, [])])).toThrow(`more than the ${MAX_PROGRAM_BYTES} bytes`);
});
