import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import { AF_UNIX } from '../kernel/constants.ts';
import { type Received, rights } from '../rights.ts';
import { byteLength, bytes, fd, flags, int, pointer, room, struct, text, u32, u64, uint } from './arguments.ts';
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
  return makeCall('sendmsg', {
    sockfd: fd('sockfd', socket),
    msg: message(bytes(data), data.length, rights(descriptors)),
    flags: flags('flags', sendFlags, 'MSG'),
  });
}

manual('recvmsg', {
  words: ({ sockfd }) => `receive a message from the socket ${sockfd}, with copies of descriptors`,
  errors: {
    EBADF: 'the socket is not open; open it earlier in the same program',
    EAGAIN: 'no message is there, and MSG_DONTWAIT says not to wait; try again later',
    EINTR: 'a signal came first; try again',
  },
});

/**
 * Receives a message: bytes, and copies of descriptors. Answers how many bytes there are.
 *
 * @param socket - of AF_UNIX, connected
 * @param into - `perform` fills it; descriptors that it has no room for are closed
 * @param receiveFlags - MSG_PEEK leaves the message there, MSG_CMSG_CLOEXEC closes the descriptors at execve
 * @see {@link https://man7.org/linux/man-pages/man2/recvmsg.2.html | recvmsg(2)}
 */
export function recvmsg(socket: Fd, { data, control }: Received, receiveFlags = 0): Call {
  return makeCall('recvmsg', {
    sockfd: fd('sockfd', socket),
    msg: message(room(data), data.length, control, room(control)),
    flags: flags('flags', receiveFlags, 'MSG'),
  });
}

manual('socketpair', {
  words: () => 'make two sockets that are connected: what is sent to one is received from the other',
  errors: {
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
    ENFILE: 'the whole system has as many open files as /proc/sys/fs/file-max allows; close some',
    EOPNOTSUPP: 'the family has no pairs; take AF_UNIX',
  },
});

/**
 * Makes two sockets that are connected with each other.
 *
 * @param type - SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, with SOCK_CLOEXEC and SOCK_NONBLOCK
 * @param sv - 8 bytes of room: two 32-bit descriptors; `perform` fills it
 * @throws {RangeError} if the room isn't 8 bytes
 * @see {@link https://man7.org/linux/man-pages/man2/socketpair.2.html | socketpair(2)}
 */
export function socketpair(type: number, sv: Uint8Array): Call {
  return makeCall('socketpair', {
    domain: int('domain', AF_UNIX, 'AF='),
    type: flags('type', type, 'SOCK'),
    protocol: int('protocol', 0),
    sv: room(sv, 8, 'sv'),
  });
}

/** struct msghdr with one piece of data. */
function message(data: Argument, length: number, control: Uint8Array, its: Argument = bytes(control)): Argument {
  return struct('msghdr', {
    msg_name: pointer(NULL),
    msg_namelen: u32('msg_namelen', 0),
    msg_iov: pointer(struct('iovec', { base: pointer(data), len: u64('len', length) })),
    msg_iovlen: u64('msg_iovlen', 1),
    msg_control: pointer(control.length === 0 ? NULL : its),
    msg_controllen: u64('msg_controllen', control.length),
    msg_flags: u64('msg_flags', 0),
  });
}
