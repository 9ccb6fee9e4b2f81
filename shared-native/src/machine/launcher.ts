import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';
import { close, fcntl } from '../calls/descriptor.ts';
import { mmap } from '../calls/memory.ts';
import { prctl } from '../calls/process.ts';
import {
  F_ADD_SEALS,
  MAP_FIXED,
  MAP_SHARED,
  MFD_ALLOW_SEALING,
  PR_SET_DUMPABLE,
  PROT_READ,
  PROT_WRITE,
} from '../kernel/constants.ts';
import { type Machine, thisMachine } from '../kernel/syscall-numbers.ts';
import { perform } from '../perform.ts';
import { layOut, RECORD } from '../program.ts';
import { codeAt, headerOf, RECORDS, SEGMENT } from './elf.ts';
import { createFile } from './executable.ts';
import { setInteger } from './image.ts';
import { put } from './memory.ts';

/** Where a launcher maps the calls that it is to make: their first record is here. */
export const LAUNCHED = 0x1000_0000;

/** How much it maps, unless there is more. */
const USUAL_BYTES = 64 * 1024;

/** A small program of which nothing can be changed. It makes the calls that are in a file. */
export interface Launcher {
  /** The program, as a file in memory that is sealed: nobody can write to it, not even by its link in /proc. */
  readonly file: number;
  /** The descriptor by which it has the calls. Nothing else is ever given this number. */
  readonly calls: number;
  /** To be called when the process is there that is to execute it. */
  passedOn(): void;
}

let place: number | undefined;
let usual: number | undefined;

/**
 * What executes a container's program. Until then, a container's first process shares Node's memory, and so /proc/self/exe
 * is Node's program there: an image whose command is that path would run Node as a program of its own, and might write to the
 * host's file (CVE-2019-5736). From the launcher the path leads to the launcher, which ends at once if it is started
 * without calls.
 *
 * @param bytes - how long the calls are
 * @throws {SyscallError} EACCES, where files in memory may not be executed
 */
export function launcher(bytes: number): Launcher {
  place ??= openSync('/dev/null', 'r');
  if (bytes > USUAL_BYTES) {
    const file = makeFile(place, bytes);
    return { file, calls: place, passedOn: () => closeSync(file) };
  }
  usual ??= makeFile(place, USUAL_BYTES);
  return { file: usual, calls: place, passedOn() {} };
}

/** Nobody may read it: so the kernel lets no process of another user namespace look into one that executes it. */
const EXECUTE_ONLY = 0o111;

/** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE */
const SEALS = 1 | 2 | 4 | 8;

function makeFile(descriptor: number, bytes: number): number {
  const machine = thisMachine();
  const file = createFile('boxstep-launcher', MFD_ALLOW_SEALING);
  try {
    const records = recordsOf(descriptor, bytes, machine);
    const header = headerOf(machine, codeAt(machine, RECORDS), records.length);
    writeSync(file, header, 0, header.length, 0);
    writeSync(file, records, 0, records.length, SEGMENT);
    fchmodSync(file, EXECUTE_ONLY);
    perform(fcntl(file, F_ADD_SEALS, SEALS));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Where its own calls end, those that it has mapped begin. */
function recordsOf(descriptor: number, bytes: number, machine: Machine): Uint8Array {
  const program = layOut(
    [
      prctl(PR_SET_DUMPABLE, 0),
      mmap(LAUNCHED, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor),
      close(descriptor),
    ],
    machine,
  );
  const records = new Uint8Array(program.image.length);
  const halves = put(program, records, RECORDS);
  setInteger(halves, (program.records[2] as number) + RECORD.next, LAUNCHED);
  return records;
}
