import { closeSync, writeSync } from 'node:fs';
import { tolerate } from '../call.ts';
import { memfdCreate } from '../calls/memory.ts';
import type { Graph } from '../graph.ts';
import { MAP_FAILED, MAP_SHARED, MFD_CLOEXEC, MFD_EXEC, PROT_READ, PROT_WRITE } from '../kernel/constants.ts';
import { type Machine, thisMachine } from '../kernel/syscall-numbers.ts';
import { perform } from '../perform.ts';
import { layOut, type Program } from '../program.ts';
import { machineCode } from '../trampoline.ts';
import * as libc from './libc.ts';
import { put } from './memory.ts';

/** Where the file's parts begin, in it and in memory: 64 KiB apart, which is a whole page on any machine. */
const SEGMENT = 0x1_0000;

/** Where it lies in memory: above what `vm.mmap_min_addr` forbids. */
const BASE = 0x20_0000;

/** Where the records lie in memory. */
const RECORDS = BASE + SEGMENT;

const PAGE = 4096;

/** The file's header, and one for each of its two parts. */
const [HEADER, PART] = [64, 56];
const CODE = HEADER + 2 * PART;

/** Where a process that executes the file has its records, and where they are in the file. */
export interface Place {
  readonly address: number;
  readonly offset: number;
  /** In bytes: whole pages. */
  readonly length: number;
  /** The file. */
  readonly fd: number;
}

/** A program that can be executed: a file in memory, which this process has mapped as well. */
export interface Executable {
  readonly fd: number;
  readonly program: Program;
  /** The records as they are in the file, with the results of a process that has mapped them as shared. */
  readonly bytes: Uint8Array;
  /** The same, as integers of 4 bytes. */
  readonly halves: Int32Array;
  /** Gives up this process's descriptor and view. `bytes` and `halves` must not be touched again. */
  release(): void;
}

/**
 * Makes a file that can be executed: the trampoline, and the records that it walks. Executing it costs the same however
 * large this process is, and the process that runs it has only a few pages of memory.
 *
 * @param graph - the program; it can map its records from the file over its own, so that others see its results
 * @throws {SyscallError} EACCES, where files in memory may not be executed
 */
export function executable(name: string, graph: (place: Place) => Graph, machine: Machine = thisMachine()): Executable {
  const fd = createFile(name);
  try {
    const place = { address: RECORDS, offset: SEGMENT, fd };
    const { image } = layOut(graph({ ...place, length: PAGE }), machine);
    const length = Math.ceil(image.length / PAGE) * PAGE;
    const program = layOut(graph({ ...place, length }), machine);
    const header = headerOf(machine, codeAt(machine, RECORDS + (program.records[0] as number)), length);
    writeSync(fd, header, 0, header.length, 0);
    const records = new Uint8Array(length);
    put(program, records, RECORDS);
    writeSync(fd, records, 0, length, SEGMENT);
    return { fd, program, ...shared(fd, length) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** MFD_EXEC says that it is meant, where vm.memfd_noexec is 1; kernels before 6.3 don't know it, nor the setting. */
function createFile(name: string): number {
  const fd = perform(tolerate(memfdCreate(name, MFD_CLOEXEC | MFD_EXEC), 'EINVAL'));
  return fd < 0 ? perform(memfdCreate(name, MFD_CLOEXEC)) : fd;
}

function shared(fd: number, length: number): Pick<Executable, 'bytes' | 'halves' | 'release'> {
  const address = libc.mmap(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, SEGMENT);
  if (address === MAP_FAILED) throw new Error(`mmap of ${length} bytes of a file failed: errno ${libc.errno()}`);
  const bytes = libc.view(address, length);
  const release = () => {
    libc.munmap(address, length);
    closeSync(fd);
  };
  return { bytes, halves: new Int32Array(bytes.buffer, bytes.byteOffset, length / 4), release };
}

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
function headerOf(machine: Machine, code: Uint8Array, length: number): Uint8Array {
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
