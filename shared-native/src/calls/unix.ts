import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import { AF_UNIX, SCM_RIGHTS, SOL_SOCKET } from '../kernel/constants.ts';
import { byteLength, bytes, fd, flags, pointer, struct, text, u32, u64, uint } from './arguments.ts';
import { manual } from './manual.ts';

const NULL: Argument = { kind: 'null' };

/** sun_path in struct sockaddr_un, with its NUL byte. */
const SUN_PATH = 108;

manual('connect', {
  words: ({ sockfd }) => `connect the socket ${sockfd} to the one that listens at a path`,
  errors: {
    EBADF: 'the descriptor is not open; open the socket earlier in the same program',
    ENOENT: 'there is no such socket; the program that listens makes it, so start that first',
    ECONNREFUSED: 'nobody listens at this socket; start the program that does',
    EACCES: 'the socket may not be written to, or a directory above it not be searched; run as its owner',
    EPROTOTYPE: 'the socket is of another type (SOCK_STREAM, SOCK_DGRAM); make one of the same',
  },
});

/**
 * Connects a socket to one that listens at a path.
 *
 * @param socket - of AF_UNIX
 * @param path - at most 107 bytes
 * @throws {RangeError} if it is longer
 * @see {@link https://man7.org/linux/man-pages/man2/connect.2.html | connect(2)}
 */
export function connect(socket: Fd, path: string): Call {
  const length = byteLength(path) + 1;
  text('path', path);
  if (length > SUN_PATH)
    throw new RangeError(`path is ${length} bytes long, and a socket’s has ${SUN_PATH}: ${JSON.stringify(path)}`);
  const address = new Uint8Array(2 + length); // struct sockaddr_un
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  new TextEncoder().encodeInto(path, address.subarray(2));
  return makeCall('connect', {
    sockfd: fd('sockfd', socket),
    addr: bytes(address),
    addrlen: uint('addrlen', address.length),
  });
}

manual('sendmsg', {
  words: ({ sockfd }) => `send a message to the socket ${sockfd}, with copies of descriptors`,
  errors: {
    EBADF: 'the socket or a descriptor is not open; open both before',
    ENOTCONN: 'the socket isn’t connected; call connect first',
    EPIPE: 'the other end has been closed; its program has ended',
    ETOOMANYREFS: 'too many descriptors are on their way; wait until the receiver has taken some',
    EINVAL: 'more than 253 descriptors at once; send several messages',
  },
});

/**
 * Sends bytes, and copies of descriptors with them: unix(7), SCM_RIGHTS.
 *
 * @param socket - of AF_UNIX, connected
 * @param data - one byte at least
 * @param descriptors - of which the receiver gets copies
 * @see {@link https://man7.org/linux/man-pages/man2/sendmsg.2.html | sendmsg(2)}
 */
export function sendmsg(socket: Fd, data: Uint8Array, descriptors: readonly number[], sendFlags = 0): Call {
  const control = rights(descriptors);
  return makeCall('sendmsg', {
    sockfd: fd('sockfd', socket),
    msg: struct('msghdr', {
      msg_name: pointer(NULL),
      msg_namelen: u32('msg_namelen', 0),
      msg_iov: pointer(struct('iovec', { base: pointer(bytes(data)), len: u64('len', data.length) })),
      msg_iovlen: u64('msg_iovlen', 1),
      msg_control: pointer(control.length === 0 ? NULL : bytes(control)),
      msg_controllen: u64('msg_controllen', control.length),
      msg_flags: u64('msg_flags', 0),
    }),
    flags: flags('flags', sendFlags, 'MSG'),
  });
}

/** struct cmsghdr, and the descriptors: cmsg(3). */
function rights(descriptors: readonly number[]): Uint8Array {
  if (descriptors.length === 0) return new Uint8Array(0);
  const length = 16 + 4 * descriptors.length;
  const control = new DataView(new ArrayBuffer(Math.ceil(length / 8) * 8));
  control.setUint32(0, length, true);
  control.setInt32(8, SOL_SOCKET, true);
  control.setInt32(12, SCM_RIGHTS, true);
  for (const [nth, descriptor] of descriptors.entries()) control.setInt32(16 + 4 * nth, descriptor, true);
  return new Uint8Array(control.buffer);
}
