import { type Call, type Fd, makeCall } from '../call.ts';
import { encode } from '../rtnetlink/encode.ts';
import type { Message } from '../rtnetlink/message.ts';
import { fd, flags, room, uint, ulong } from './arguments.ts';
import { manual } from './manual.ts';

const socketErrors = {
  EBADF: 'the descriptor is not open; open the socket earlier in the same program',
  ENOTSOCK: 'the descriptor is no socket; check which one it is',
  ENOBUFS: "the socket's queue is full, or the kernel found no memory; free some, and try again",
  EINTR: 'a signal came first; try again',
};

manual('sendto', {
  words: ({ buf }) => `tell the kernel: ${buf}`,
  errors: {
    ...socketErrors,
    EPERM: 'CAP_NET_ADMIN is missing in the user namespace that owns this network namespace; run as root',
    EMSGSIZE: "the message is larger than the socket's buffer; send less at once",
    EAGAIN: 'the receiver reads more slowly than this sends; wait, and try again',
    EEXIST: 'there is an interface, address or route like this already; choose another name or address',
    ENODEV: 'there is no such interface in this network namespace; make it first, or check its name',
    ENETUNREACH:
      'no interface has an address in the subnet of the gateway, or it is not up; give it one, and set it up first',
    EADDRNOTAVAIL: 'there is no such address here; check it, and the prefix length',
    EADDRINUSE: 'another interface has this MAC address already; choose another',
    ESRCH: 'there is no such process or route (any more): it may have ended',
    EINVAL: 'an attribute contradicts another, or the name is longer than 15 characters; check them',
    EXFULL: 'the bridge has all the 1023 ports that it can have; end some containers, or take another network',
    EOPNOTSUPP: 'the kernel has no such kind of interface; load its module (modprobe veth bridge)',
    ENETDOWN: 'the interface is down; set it up first',
    ENFILE: 'there are as many network interfaces as the kernel can count; remove some',
  },
});

/**
 * Sends a message of rtnetlink to the kernel, in the network namespace that the socket was opened in. The kernel has
 * done it when this returns. It answers nothing but an error, which `refusal` looks for.
 *
 * @param socket - of AF_NETLINK
 * @param message - what is asked for
 * @throws {TypeError} if the message isn't whole: an index or a pid that is only known when it's sent
 * @see {@link https://man7.org/linux/man-pages/man2/sendto.2.html | sendto(2)}
 * @see {@link https://man7.org/linux/man-pages/man7/rtnetlink.7.html | rtnetlink(7)}
 */
export function sendto(socket: Fd, message: Message, sendFlags = 0): Call {
  const bytes = encode(message);
  return makeCall('sendto', {
    sockfd: fd('sockfd', socket),
    buf: { kind: 'bytes', value: bytes, message },
    len: ulong('len', bytes.length),
    flags: flags('flags', sendFlags, 'MSG'),
    dest_addr: { kind: 'null' },
    addrlen: uint('addrlen', 0),
  });
}

manual('recvfrom', {
  words: () => 'see whether the kernel has refused that',
  errors: {
    ...socketErrors,
    EAGAIN: 'nothing has come; wait until something does, or tolerate this error',
    ECONNREFUSED: 'the other side has refused the connection; check that it listens',
  },
});

/**
 * Receives what has come to a socket.
 *
 * @param socket - the socket
 * @param into - where it is put
 * @param receiveFlags - MSG_DONTWAIT, MSG_TRUNC …
 * @see {@link https://man7.org/linux/man-pages/man2/recvfrom.2.html | recvfrom(2)}
 */
export function recvfrom(socket: Fd, into: Uint8Array, receiveFlags = 0): Call {
  return makeCall('recvfrom', {
    sockfd: fd('sockfd', socket),
    buf: room(into),
    size: ulong('size', into.length),
    flags: flags('flags', receiveFlags, 'MSG'),
    src_addr: { kind: 'null' },
    addrlen: { kind: 'null' },
  });
}
