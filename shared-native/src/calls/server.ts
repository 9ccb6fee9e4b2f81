import { type Argument, type Call, type Fd, makeCall } from '../call.ts';
import { AF_INET, AF_INET6, SOL_SOCKET } from '../kernel/constants.ts';
import { addressBytes } from '../rtnetlink/address.ts';
import { fd, int, struct, uint, within } from './arguments.ts';
import { manual } from './manual.ts';

const socketErrors = {
  EBADF: 'the descriptor is not open; open the socket earlier in the same program',
  ENOTSOCK: 'the descriptor is no socket; check which one it is',
};

manual('setsockopt', {
  words: ({ optname, sockfd }) => `set an option of the socket ${sockfd}: ${optname}`,
  errors: {
    ...socketErrors,
    ENOPROTOOPT: 'a socket of this family or type has no such option; check its level, too',
    EINVAL: 'the option takes no such value, or not any more, now that the socket has an address',
  },
});

/**
 * Sets an option of a socket that is a number.
 *
 * @param level - SOL_SOCKET, IPPROTO_IPV6 …
 * @param name - SO_REUSEADDR, IPV6_V6ONLY …
 * @see {@link https://man7.org/linux/man-pages/man2/setsockopt.2.html | setsockopt(2)}
 */
export function setsockopt(socket: Fd, level: number, name: number, value: number): Call {
  return makeCall('setsockopt', {
    sockfd: fd('sockfd', socket),
    level: int('level', level, 'SOL_SOCKET|IPPROTO='),
    optname: int('optname', name, level === SOL_SOCKET ? 'SO=' : 'IPV6='),
    optval: struct('int', { value: { bytes: 4, value: int('optval', value) } }),
    optlen: uint('optlen', 4),
  });
}

manual('bind', {
  words: ({ addr }) => `give the socket an address of this machine's: ${addr}`,
  errors: {
    ...socketErrors,
    EACCES:
      'a port below net.ipv4.ip_unprivileged_port_start (1024) takes CAP_NET_BIND_SERVICE; run as root, or take another port',
    EADDRINUSE: 'another socket has this address and port; end its program, or take another port',
    EADDRNOTAVAIL: 'no interface of this network namespace has this address; "ip addr" lists those that there are',
    EINVAL: 'the socket has an address already, or the address is of another family',
  },
});

/**
 * Gives a socket an address and a port.
 *
 * @param address - of IPv4 or IPv6, as the socket's family; `0.0.0.0` and `::` are all of the machine's
 * @param port - 0 is any that is free
 * @throws {TypeError} if it is no address
 * @see {@link https://man7.org/linux/man-pages/man2/bind.2.html | bind(2)}
 */
export function bind(socket: Fd, address: string, port: number): Call {
  const [addr, length] = address.includes(':') ? [in6(address, port), 28] : [in4(address, port), 16];
  return makeCall('bind', { sockfd: fd('sockfd', socket), addr, addrlen: uint('addrlen', length) });
}

manual('listen', {
  words: ({ sockfd }) => `let others connect to the socket ${sockfd}`,
  errors: {
    ...socketErrors,
    EADDRINUSE: 'another socket listens on this address and port; end its program, or take another port',
    EOPNOTSUPP: 'nobody connects to a socket of this type: one of SOCK_DGRAM receives without',
  },
});

/**
 * Lets others connect to a socket.
 *
 * @param backlog - how many may wait until they are accepted
 * @see {@link https://man7.org/linux/man-pages/man2/listen.2.html | listen(2)}
 */
export function listen(socket: Fd, backlog: number): Call {
  return makeCall('listen', { sockfd: fd('sockfd', socket), backlog: int('backlog', backlog) });
}

manual('shutdown', {
  words: ({ sockfd }) => `let nobody connect to the socket ${sockfd} any more`,
  errors: { ...socketErrors, ENOTCONN: 'the socket neither listens nor is connected; listen or connect first' },
});

/**
 * Ends a connection, or one direction of it. A socket that listens stops listening, and keeps its port.
 *
 * @param how - SHUT_RD, SHUT_WR or SHUT_RDWR
 * @see {@link https://man7.org/linux/man-pages/man2/shutdown.2.html | shutdown(2)}
 */
export function shutdown(socket: Fd, how: number): Call {
  return makeCall('shutdown', { sockfd: fd('sockfd', socket), how: int('how', how, 'SHUT=') });
}

/** A struct sockaddr_in: ip(7). */
function in4(address: string, port: number): Argument {
  const bytes = addressBytes(address);
  return struct('sockaddr_in', {
    sin_family: { bytes: 2, value: int('sin_family', AF_INET, 'AF=') },
    sin_port: { bytes: 2, value: htons(port) },
    sin_addr: { bytes: 4, value: uint('sin_addr', new DataView(bytes.buffer).getUint32(0, true), 'in_addr') },
    sin_zero: { bytes: 8, value: int('sin_zero', 0) },
  });
}

/** A struct sockaddr_in6: ipv6(7). */
function in6(address: string, port: number): Argument {
  const words = new DataView(addressBytes(address).buffer);
  const word = (nth: number) => ({ bytes: 4, value: uint('sin6_addr', words.getUint32(4 * nth, true)) }) as const;
  return struct('sockaddr_in6', {
    sin6_family: { bytes: 2, value: int('sin6_family', AF_INET6, 'AF=') },
    sin6_port: { bytes: 2, value: htons(port) },
    sin6_flowinfo: { bytes: 4, value: int('sin6_flowinfo', 0) },
    ...{ 'sin6_addr[0]': word(0), 'sin6_addr[1]': word(1), 'sin6_addr[2]': word(2), 'sin6_addr[3]': word(3) },
    sin6_scope_id: { bytes: 4, value: int('sin6_scope_id', 0) },
  });
}

/** A port in the network's order of bytes. @throws {RangeError} if it's none */
function htons(port: number): Argument {
  within('port', port, 0, 65_535);
  return within('port', ((port & 0xff) << 8) | (port >> 8), 0, 65_535, 'htons');
}
