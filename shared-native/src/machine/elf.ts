import type { Machine } from '../kernel/syscall-numbers.ts';
import { machineCode } from '../trampoline.ts';

/** Where the file's parts begin, in it and in memory: 64 KiB apart, which is a whole page on any machine. */
export const SEGMENT = 0x1_0000;

/** Where it lies in memory: above what `vm.mmap_min_addr` forbids. */
const BASE = 0x20_0000;

/** Where the records lie in memory. */
export const RECORDS = BASE + SEGMENT;

/** The file's header, and one for each of its two parts. */
const [HEADER, PART] = [64, 56];
const CODE = HEADER + 2 * PART;

/**
 * The trampoline with the address of the first record in place of an argument: nobody calls it.
 *
 * @param first - below 2^32
 */
export function codeAt(machine: Machine, first: number): Uint8Array {
  const code = machineCode(machine);
  if (machine === 'x64') {
    const start = Buffer.from([0xbb, 0, 0, 0, 0]); // mov ebx, first
    start.writeUInt32LE(first, 1);
    return Buffer.concat([start, code.subarray(3)]);
  }
  const low = 0xd280_0013 | ((first & 0xffff) << 5); // movz x19, low; movk x19, high, lsl #16
  const high = 0xf2a0_0013 | ((first >>> 16) << 5);
  return Buffer.concat([new Uint8Array(Uint32Array.of(low, high).buffer), code.subarray(4)]);
}

/** An ELF file's beginning: its header, its two parts, and the code, which is in the first. See elf(5). */
export function headerOf(machine: Machine, code: Uint8Array, length: number): Uint8Array {
  const file = Buffer.alloc(CODE + code.length);
  file.write('\x7fELF\x02\x01\x01', 'latin1'); // 64 bits, lowest byte first, version 1
  file.writeUInt16LE(2, 16); // ET_EXEC
  file.writeUInt16LE(machine === 'x64' ? 62 : 183, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(BASE + CODE), 24); // where it begins
  file.writeBigUInt64LE(BigInt(HEADER), 32); // where the headers of its parts are
  file.writeUInt16LE(HEADER, 52);
  file.writeUInt16LE(PART, 54);
  file.writeUInt16LE(2, 56);
  part(file.subarray(HEADER), { flags: READ | EXECUTE, offset: 0, address: BASE, length: file.length });
  part(file.subarray(HEADER + PART), { flags: READ | WRITE, offset: SEGMENT, address: RECORDS, length });
  file.set(code, CODE);
  return file;
}

const [EXECUTE, WRITE, READ] = [1, 2, 4];

function part(
  header: Buffer,
  { flags, offset, address, length }: { flags: number; offset: number; address: number; length: number },
): void {
  header.writeUInt32LE(1, 0); // PT_LOAD
  header.writeUInt32LE(flags, 4);
  const words = [offset, address, address, length, length, SEGMENT];
  for (const [nth, word] of words.entries()) header.writeBigUInt64LE(BigInt(word), 8 + 8 * nth);
}
