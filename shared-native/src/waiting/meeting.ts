import { readSync } from 'node:fs';
import type { Call } from '../call.ts';
import { close, write } from '../calls.ts';
import { whenReadable } from '../machine/libc.ts';
import { closeOnce, openGate, openPipe } from './gate.ts';

/** A place in a child's program where it tells its parent that it has come there, and waits until it may go on. */
export interface Meeting {
  /** Must come first, as a gate's must. */
  readonly letGo: readonly Call[];
  /** Says that the child is there, and waits. */
  readonly wait: readonly Call[];
  /** To be called once the child exists. */
  passedOn(): void;
  /** Settles when the child waits: true; or has ended before: false. */
  reached(): Promise<boolean>;
  /** Lets the child go on. Once only. */
  open(): void;
  /** Stops a child that waits, and gives the pipes back. */
  shut(): void;
}

/** Makes a meeting. @throws {SyscallError} EMFILE, when this process has too many files open. */
export function openMeeting(): Meeting {
  const gate = openGate();
  const [readEnd, writeEnd] = openPipe();
  const passedOn = closeOnce(writeEnd);
  const heard = closeOnce(readEnd);
  let listening = false;
  return {
    letGo: [gate.letGo, close(readEnd)],
    wait: [write(writeEnd, 'x'), gate.wait],
    passedOn() {
      gate.passedOn();
      passedOn();
    },
    reached: () =>
      new Promise((resolve) => {
        listening = true;
        whenReadable(readEnd, () => {
          const isThere = readSync(readEnd, new Uint8Array(1)) === 1;
          heard();
          resolve(isThere);
        });
      }),
    open: gate.open,
    shut() {
      gate.shut();
      passedOn();
      if (!listening) heard();
    },
  };
}
