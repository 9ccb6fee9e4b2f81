import { type Argument, type Call, makeCall } from '../call.ts';
import { int, room, ulong, within } from './arguments.ts';
import { manual } from './manual.ts';

const NULL: Argument = { kind: 'null' };

/** Bytes of struct pollfd: a descriptor, what is waited for, and what came. */
export const POLLFD_BYTES = 8;

manual('clock_gettime', {
  words: ({ clockid }) => `read the time from ${clockid}`,
  errors: { EINVAL: 'there is no such clock; CLOCK_REALTIME is the usual one' },
});

/**
 * Asks for the time.
 *
 * @param clock - CLOCK_REALTIME
 * @param into - 16 bytes of room: seconds since 1970 and nanoseconds, 8 bytes each
 * @see {@link https://man7.org/linux/man-pages/man2/clock_gettime.2.html | clock_gettime(2)}
 */
export function clockGettime(clock: number, into: Uint8Array): Call {
  return makeCall('clock_gettime', { clockid: int('clockid', clock, 'CLOCK='), tp: room(into, 16, 'tp') });
}

manual('ppoll', {
  page: 'poll',
  words: ({ nfds }) => `wait until something comes by one of ${nfds} descriptors`,
  errors: {
    EINTR: 'a signal came first; wait again',
    EINVAL: 'there are more descriptors than RLIMIT_NOFILE allows; wait for fewer',
    ENOMEM: 'the kernel found no memory for its tables; free some',
  },
});

/**
 * Waits, as long as it takes, until one of several descriptors is ready. The result is how many are.
 *
 * @param fds - an array of struct pollfd: which descriptors to wait for, and room for what came; a negative one is skipped
 * @see {@link https://man7.org/linux/man-pages/man2/poll.2.html | ppoll(2)}
 */
export function ppoll(fds: Uint8Array): Call {
  return makeCall('ppoll', {
    fds: room(fds),
    nfds: within('nfds', fds.length / POLLFD_BYTES, 1, 1024),
    tmo_p: NULL,
    sigmask: NULL,
    sigsetsize: ulong('sigsetsize', 0),
  });
}
