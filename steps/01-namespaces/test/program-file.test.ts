import { expect, test } from 'vitest';
import { interpreter } from '../src/command/program-file.ts';

test.each([
  ['a header that breaks off', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
  ['segments of another size', header(8)],
])('an ELF file with %s was answered by a RangeError', (_, head) => {
  expect(interpreter(head)).toBeUndefined();
});

/** A 64-bit header whose list of one segment, PT_INTERP, lies at the very end of what was read. */
function header(size: number): Buffer {
  const head = Buffer.alloc(64 + size);
  head.write('\x7fELF\x02', 'latin1');
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(size, 54);
  head.writeUInt16LE(1, 56);
  head.writeUInt32LE(3, 64);
  return head;
}
