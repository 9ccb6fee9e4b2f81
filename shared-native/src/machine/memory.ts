import { MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_EXEC, PROT_READ, PROT_WRITE } from '../kernel/constants.ts';
import type { Program } from '../program.ts';
import { setInteger } from './image.ts';
import * as libc from './libc.ts';

/** The memory of one program, outside JavaScript's heap: a stack for the child, then the program. */
export interface Memory {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The child runs two dozen instructions that push nothing; glibc's clone itself leaves two words here. */
export const STACK_BYTES = 4096;

const USUAL_BYTES = 64 * 1024;

/** How many pieces are kept, and how large they may be: a container with 200 mounts takes 300 KiB. */
const KEPT = 32;
const MOST_KEPT_BYTES = 1024 * 1024;
const free: Memory[] = [];

/** A program in memory: `address` is that of its first record. */
export interface Loaded {
  readonly address: number;
  readonly stackTop: number;
  readonly bytes: Uint8Array;
  /** The same, as integers of 4 bytes. */
  readonly halves: Int32Array;
  /** Gives the memory back, wiped. Only once no process runs on it. */
  release(): void;
}

/** Loads a program: copies its image to memory and turns its pointers into addresses. @throws {Error} without memory. */
export function load(program: Program): Loaded {
  const memory = take(STACK_BYTES + program.image.length);
  const address = memory.address + STACK_BYTES;
  const bytes = memory.bytes.subarray(STACK_BYTES, STACK_BYTES + program.image.length);
  const halves = put(program, bytes, address);
  return { address, stackTop: address, bytes, halves, release: () => give(memory, bytes) };
}

/** Copies a program's image to some memory and adds the address that it has there to each pointer. @returns the memory as integers of 4 bytes */
export function put({ image, pointers }: Program, bytes: Uint8Array, address: number): Int32Array {
  bytes.set(image);
  const halves = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  for (const at of pointers) setInteger(halves, at, (halves[at >> 2] as number) + address);
  return halves;
}

/** Maps code that may be run and no longer written. */
export function loadCode(code: Uint8Array): number {
  const { address, bytes } = map(4096);
  bytes.set(code);
  if (libc.mprotect(address, 4096, PROT_READ | PROT_EXEC) === 0) return address;
  throw new Error(
    `mprotect(PROT_READ|PROT_EXEC) of the trampoline's page was refused (errno ${libc.errno()}): a security policy, such as SELinux's execmem, forbids making memory executable. Allow it for Node, or use a virtual machine.`,
  );
}

// Memory is kept rather than unmapped: its JavaScript view may only be dropped when no one can touch it any more.
function take(length: number): Memory {
  const nth = free.findIndex(({ bytes }) => bytes.length >= length);
  const [kept] = nth < 0 ? [] : free.splice(nth, 1);
  return kept ?? map(Math.max(USUAL_BYTES, Math.ceil(length / 4096) * 4096));
}

function give(memory: Memory, used: Uint8Array): void {
  used.fill(0); // an environment may hold secrets
  if (memory.bytes.length <= MOST_KEPT_BYTES && free.length < KEPT) free.push(memory);
  else libc.munmap(memory.address, memory.bytes.length);
}

function map(length: number): Memory {
  const address = libc.mmap(0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address === MAP_FAILED) throw new Error(`mmap of ${length} bytes for a program failed: errno ${libc.errno()}`);
  return { address, bytes: libc.view(address, length) };
}
