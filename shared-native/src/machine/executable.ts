import { closeSync, fchmodSync, writeSync } from 'node:fs';
import { tolerate } from '../call.ts';
import { fcntl } from '../calls/descriptor.ts';
import { memfdCreate } from '../calls/memory.ts';
import type { Graph } from '../graph.ts';
import {
  F_ADD_SEALS,
  MADV_REMOVE,
  MAP_FAILED,
  MAP_SHARED,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_EXEC,
  PROT_READ,
  PROT_WRITE,
} from '../kernel/constants.ts';
import { type Machine, thisMachine } from '../kernel/syscall-numbers.ts';
import { perform } from '../perform.ts';
import { layOut, type Program } from '../program.ts';
import { codeAt, headerOf, RECORDS, SEGMENT } from './elf.ts';
import * as libc from './libc.ts';
import { put } from './memory.ts';

const PAGE = 4096;

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
  /** To be called when the process is there that was to execute it: from then on nobody can, not even by its link in /proc. */
  passedOn(): void;
  /**
   * Gives up this process's descriptor and view, and for everybody the memory of nodes that are `passing`: the process that
   * runs it must be past them. From then on only those who have mapped it already can write to it. `bytes` and `halves` must not be touched again.
   */
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
  const fd = createFile(name, MFD_ALLOW_SEALING);
  try {
    const place = { address: RECORDS, offset: SEGMENT, fd };
    const { program, length } = fitting((length) => layOut(graph({ ...place, length }), machine));
    const header = headerOf(machine, codeAt(machine, RECORDS + (program.records[0] as number)), length);
    writeSync(fd, header, 0, header.length, 0);
    const records = new Uint8Array(length);
    put(program, records, RECORDS);
    writeSync(fd, records, 0, length, SEGMENT);
    return { fd, program, passedOn: () => fchmodSync(fd, 0), ...shared(fd, length, program.passingFrom ?? length) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A program that says how long it is, in whole pages: that number may be what makes it a page longer. */
function fitting(laidOut: (length: number) => Program): { program: Program; length: number } {
  let length = PAGE;
  let program = laidOut(length);
  while (program.image.length > length) {
    length = Math.ceil(program.image.length / PAGE) * PAGE;
    program = laidOut(length);
  }
  return { program, length };
}

/**
 * Makes a file in memory that can be executed. MFD_EXEC says that it is meant, where vm.memfd_noexec is 1; kernels before
 * 6.3 don't know it, nor the setting.
 */
export function createFile(name: string, createFlags = 0): number {
  const fd = perform(tolerate(memfdCreate(name, MFD_CLOEXEC | MFD_EXEC | createFlags), 'EINVAL'));
  return fd < 0 ? perform(memfdCreate(name, MFD_CLOEXEC | createFlags)) : fd;
}

function shared(fd: number, length: number, passingFrom: number): Pick<Executable, 'bytes' | 'halves' | 'release'> {
  const address = libc.mmap(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, SEGMENT);
  if (address === MAP_FAILED) throw new Error(`mmap of ${length} bytes of a file failed: errno ${libc.errno()}`);
  const bytes = libc.view(address, length);
  const release = () => {
    if (passingFrom < length) libc.madvise(address + passingFrom, length - passingFrom, MADV_REMOVE);
    libc.munmap(address, length);
    perform(tolerate(fcntl(fd, F_ADD_SEALS, SEALS), 'EINVAL')); // not before Linux 5.1
    closeSync(fd);
  };
  return { bytes, halves: new Int32Array(bytes.buffer, bytes.byteOffset, length / 4), release };
}

/** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_FUTURE_WRITE */
const SEALS = 1 | 2 | 4 | 16;
