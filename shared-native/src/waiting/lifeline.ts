import { atLeast, type Call, tolerate } from '../call.ts';
import { close, read } from '../calls.ts';
import { O_NONBLOCK } from '../kernel/constants.ts';
import { closeOnce, openPipe } from './gate.ts';

/** A pipe that nobody writes to. Its end comes when the parent is gone: a child can ask, and need not wait. */
export interface Lifeline {
  /** Must come first, as a gate's must: the child's own copy of the writing end would hide that the parent is gone. */
  readonly letGo: Call;
  /**
   * Stops the program if the parent is gone: read answers EAGAIN while there is someone who could write, and 0 when
   * there is no one. After prctl(PR_SET_PDEATHSIG) it closes the gap in which a parent dies unnoticed.
   */
  readonly check: Call;
  /** To be called once the child exists, which has a copy of the reading end. */
  passedOn(): void;
  /** Gives the pipe back: not before the child has asked. */
  end(): void;
}

/** Makes a lifeline. @throws {SyscallError} EMFILE, when this process has too many files open. */
export function openLifeline(): Lifeline {
  const [readEnd, writeEnd] = openPipe(O_NONBLOCK);
  return {
    letGo: close(writeEnd),
    check: tolerate(atLeast(read(readEnd, new Uint8Array(1)), 1), 'EAGAIN'),
    passedOn: closeOnce(readEnd),
    end: closeOnce(writeEnd),
  };
}
