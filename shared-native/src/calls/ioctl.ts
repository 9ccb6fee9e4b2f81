import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import { TIOCGPTPEER } from '../kernel/constants.ts';
import { fd, flags, int, room, uint } from './arguments.ts';
import { manual } from './manual.ts';

/** What the requests of ioctl_tty(2) do to a terminal. */
const TERMINAL: Readonly<Record<string, string>> = {
  TIOCSPTLCK: 'unlock the terminal, so that its other end can be opened',
  TIOCGPTPEER: 'open the other end of the terminal: the one that programs read and write',
  TIOCSWINSZ: 'say how many rows and columns the terminal has',
};

manual('ioctl', {
  words: ({ fd, request = '', arg }) =>
    TERMINAL[request] ??
    (request === 'TIOCSCTTY'
      ? `descriptor ${fd} becomes the controlling terminal of this session`
      : `ask the driver behind descriptor ${fd} for ${request}${arg === 'NULL' ? '' : ` with ${arg}`}`),
  errors: {
    ENOTTY:
      'this kind of file has no such request: the descriptor is not the terminal, socket or namespace it should be; check which one it is',
    EPERM:
      'for TIOCSCTTY: this process leads no session, or already has a terminal, or another session has this one; call setsid first. For a network interface: CAP_NET_ADMIN is missing in the namespace that owns it',
    EBADF: 'the descriptor is not open, or was opened with O_PATH; open the file itself',
    EINVAL: 'the request does not take this argument; check what its manual page says of it',
    EIO: 'the terminal is gone: the other end was closed',
    ENODEV: 'there is no network interface of this name in this network namespace',
    EFAULT: 'the request wants a pointer, so give bytes and not a number',
  },
});

/**
 * Asks a driver for something that only it has, such as a terminal for its size.
 *
 * @param descriptor - the device, socket or namespace
 * @param request - TIOC*, SIOC*, NS_GET_* ...
 * @param arg - what the request takes: a number, or bytes for a pointer, which `perform` fills with what comes back
 * @see {@link https://man7.org/linux/man-pages/man2/ioctl.2.html | ioctl(2)}
 */
export function ioctl(descriptor: Fd, request: number, arg: number | Uint8Array | null = 0): Call {
  return makeCall('ioctl', {
    fd: fd('fd', descriptor),
    request: uint('request', request, 'ioctl='),
    arg: request === TIOCGPTPEER && typeof arg === 'number' ? flags('arg', arg, 'O') : ioctlArgument(arg),
  });
}

function ioctlArgument(arg: number | Uint8Array | null): Argument {
  if (arg === null) return { kind: 'null' };
  return typeof arg === 'number' ? int('arg', arg) : room(arg);
}
