import { closeSync } from 'node:fs';
import {
  AF_INET,
  AF_INET6,
  bind,
  type Call,
  F_DUPFD_CLOEXEC,
  fcntl,
  IPPROTO_IPV6,
  IPPROTO_SCTP,
  IPV6_V6ONLY,
  listen,
  perform,
  SHUT_RD,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  SyscallError,
  setsockopt,
  shutdown,
  socket,
  tolerate,
} from 'shared-native';
import type { Protocol } from '../network.ts';

/** A port that the kernel doesn't give at an address: EADDRINUSE, EADDRNOTAVAIL … */
export class PortRefused extends Error {
  override readonly name = 'PortRefused';

  readonly address: string;
  readonly port: number;
  readonly code: string;

  constructor(address: string, port: number, cause: SyscallError) {
    super(cause.message, { cause });
    this.address = address;
    this.port = port;
    this.code = cause.code;
  }
}

/**
 * Takes a port at each of the addresses, by a socket that nobody can connect to.
 *
 * @returns the sockets; none for a protocol that this kernel hasn't, for then no program has the port either
 * @throws {PortRefused} then none is open
 */
export function takeAt(addresses: readonly string[], port: number, protocol: Protocol): number[] {
  const sockets: number[] = [];
  try {
    for (const address of addresses) {
      const opened = open(address, protocol);
      if (opened === undefined) continue;
      sockets.push(opened);
      for (const call of taking(opened, address, port, protocol)) attempt(call, address, port);
    }
    return sockets;
  } catch (error) {
    for (const one of sockets) closeSync(one);
    throw error;
  }
}

function open(address: string, protocol: Protocol): number | undefined {
  const family = address.includes(':') ? AF_INET6 : AF_INET;
  const type = (protocol === 'udp' ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
  try {
    return outOfTheWay(perform(socket(family, type, protocol === 'sctp' ? IPPROTO_SCTP : 0)));
  } catch (error) {
    if (['EPROTONOSUPPORT', 'EAFNOSUPPORT'].includes((error as SyscallError).code)) return undefined;
    throw error;
  }
}

/**
 * Gives a descriptor a number that select(2) can't look at, where that is allowed: of a thousand ports the sockets would
 * leave only such numbers, and libnftables, which looks at its own by select, would abort the whole process.
 */
function outOfTheWay(low: number): number {
  const high = perform(tolerate(fcntl(low, F_DUPFD_CLOEXEC, FD_SETSIZE), 'any'));
  if (high < 0) return low;
  closeSync(low);
  return high;
}

const FD_SETSIZE = 1024;

/**
 * The calls that take a port. Connections that were closed a while ago don't count (SO_REUSEADDR). It's taken for good only
 * by a socket that listens: else another that doesn't count them either would get it, too. But one that listens would
 * accept what comes before the container's rules are there, or at ::1, where none lead in: then it stops, and keeps the port.
 */
function taking(opened: number, address: string, port: number, protocol: Protocol): Call[] {
  const reuse = (value: 0 | 1) => setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, value);
  const isTcp = protocol === 'tcp';
  return [
    ...(address.includes(':') ? [setsockopt(opened, IPPROTO_IPV6, IPV6_V6ONLY, 1)] : []),
    ...(isTcp ? [reuse(1)] : []),
    bind(opened, address, port),
    ...(isTcp ? [listen(opened, 0), shutdown(opened, SHUT_RD), reuse(0)] : []),
  ];
}

function attempt(call: Call, address: string, port: number): void {
  try {
    perform(call);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    throw new PortRefused(address, port, error);
  }
}
