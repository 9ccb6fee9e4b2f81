import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'shared-native';
import { readable, readNow } from './copy.ts';

/** Standard input, which nobody waits for in a read. */
export interface Input {
  /** Reads what is there, as `readNow` does. */
  readNow(into: Uint8Array): ReturnType<typeof readNow>;
  /** Waits until there is something to read, or it is over. */
  readable(over: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Opens standard input anew: so it can be non-blocking, and stay a blocking one for everybody else. What can't be opened is read
 * once there is something to read: a socket, and what another user has opened for this one, as `su` leaves a terminal.
 */
export function openInput(): Input {
  const fd = openAnew();
  const mayWait = fd === 0 && canWait();
  let isReadable = !mayWait;
  return {
    readNow(into) {
      if (!isReadable) return 'nothing yet';
      isReadable = !mayWait;
      return readNow(fd, into);
    },
    async readable(over) {
      await readable(fd, over);
      isReadable = true;
    },
    close() {
      if (fd !== 0) closeSync(fd);
    },
  };
}

function openAnew(): number {
  const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = constants;
  try {
    return openSync('/proc/self/fd/0', O_RDONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return 0;
  }
}

/** Can it be that there is nothing to read yet? All of a file is there: epoll(7) takes none, and koffi ends Node then. */
function canWait(): boolean {
  const stat = fstatSync(0);
  return stat.isSocket() || stat.isFIFO() || isatty(0);
}
