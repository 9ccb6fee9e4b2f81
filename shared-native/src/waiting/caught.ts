import { readSync } from 'node:fs';
import { constants } from 'node:os';
import { O_NONBLOCK, SA_RESETHAND, SA_RESTART, SA_SIGINFO } from '../kernel/constants.ts';
import { type Machine, thisMachine } from '../kernel/syscall-numbers.ts';
import * as libc from '../machine/libc.ts';
import { loadCode } from '../machine/memory.ts';
import { openPipe } from './gate.ts';

/** Bytes of the kernel's siginfo_t. */
const SIGINFO = 128;

/** The C library's struct sigaction: a handler, a mask of 128 bytes, flags, and a place for the library itself. */
const SIGACTION = { bytes: 152, handler: 0, flags: 136 };

const { SIGBUS, SIGFPE, SIGILL, SIGSEGV } = constants.signals;
const FAULTS: readonly number[] = [SIGBUS, SIGFPE, SIGILL, SIGSEGV];

type Told = (signal: number) => void;

/** The signals that are caught now, by their numbers: what each did before, and who is told of it. */
const caught = new Map<number, { readonly before: Uint8Array; readonly told: Set<Told> }>();

/** The pipe that the handler writes to, and what sets it. */
interface Handler {
  readonly from: number;
  readonly action: (signal: number) => Uint8Array;
}

// One for all, kept for good: another thread may be in the handler when its signal is given back.
let handler: Handler | undefined;
let stopWaiting: (() => void) | undefined;

/**
 * Catches signals that Node can't: real-time ones, and those of a fault when kill sends them. The handler is a few
 * instructions that write what the kernel says of the signal to a pipe.
 *
 * @param signals - numbers
 * @param callback - is given the number of each signal that comes
 * @returns what ends it: a signal that nobody else catches has the effect again that it had before
 */
export function catchSignals(signals: readonly number[], callback: Told): () => void {
  handler ??= makeHandler();
  const { from, action } = handler;
  const told: Told = (signal) => callback(signal); // one of its own, though others may have the same callback
  for (const signal of signals) {
    const one = caught.get(signal) ?? { before: setAction(signal, action(signal)), told: new Set() };
    caught.set(signal, one);
    one.told.add(told);
  }
  if (!stopWaiting) listen(handler);
  return () => {
    for (const signal of signals) giveBack(signal, told);
    if (caught.size > 0 || !stopWaiting) return;
    stopWaiting();
    stopWaiting = undefined;
    while (readNow(from, new Int32Array(SIGINFO / 4)) > 0); // those of now are no news for whoever comes next
  };
}

function makeHandler(): Handler {
  const [from, to] = openPipe(O_NONBLOCK);
  return { from, action: actionOf(loadCode(handlerCode(thisMachine(), to))) };
}

function listen({ from, action }: Handler): void {
  const stop = libc.whenReadable(from, () => {
    const info = new Int32Array(SIGINFO / 4);
    while (stopWaiting === stop && readNow(from, info) > 0) {
      const [signal = 0] = info;
      if (FAULTS.includes(signal)) setAction(signal, action(signal));
      for (const told of caught.get(signal)?.told ?? []) told(signal);
    }
    if (stopWaiting === stop) listen({ from, action });
  });
  stopWaiting = stop;
}

function giveBack(signal: number, told: Told): void {
  const one = caught.get(signal);
  if (!one?.told.delete(told) || one.told.size > 0) return;
  setAction(signal, one.before);
  caught.delete(signal);
}

/** write(to, info, SIGINFO) and return: the second argument of a handler is already that of write. */
export function handlerCode(machine: Machine, to: number): Uint8Array {
  if (machine === 'x64') {
    const code = Buffer.from('ba80000000 bf00000000 b801000000 0f05 c3'.replaceAll(' ', ''), 'hex');
    code.writeInt32LE(to, 6); // mov edx, 128; mov edi, to; mov eax, 1; syscall; ret
    return code;
  }
  const movX0 = 0xd280_0000 | (to << 5); // mov x2, 128; mov x0, to; mov x8, 64; svc 0; ret
  return new Uint8Array(Uint32Array.of(0xd280_1002, movX0, 0xd280_0808, 0xd400_0001, 0xd65f_03c0).buffer);
}

// A fault of this process itself would come again as soon as the handler returns: once reset, it ends the process.
function actionOf(handler: number): (signal: number) => Uint8Array {
  return (signal) => {
    const action = Buffer.alloc(SIGACTION.bytes);
    action.writeBigUInt64LE(BigInt(handler), SIGACTION.handler);
    action.writeUInt32LE(
      (SA_SIGINFO | SA_RESTART | (FAULTS.includes(signal) ? SA_RESETHAND : 0)) >>> 0,
      SIGACTION.flags,
    );
    return action;
  };
}

/** @returns what the signal did before */
function setAction(signal: number, action: Uint8Array): Uint8Array {
  const before = new Uint8Array(SIGACTION.bytes);
  if (libc.sigaction(signal, action, before) === 0) return before;
  throw new Error(`sigaction(${signal}) failed: errno ${libc.errno()}; glibc keeps 32 and 33 for itself`);
}

function readNow(from: number, into: Int32Array): number {
  try {
    return readSync(from, into);
  } catch {
    return 0; // EAGAIN: nothing more
  }
}
