import { closeSync } from 'node:fs';
import {
  AF_INET,
  AF_INET6,
  bind,
  type Call,
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
 * Takes a port at each of the addresses, by a socket.
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
    return perform(socket(family, type, protocol === 'sctp' ? IPPROTO_SCTP : 0));
  } catch (error) {
    if (['EPROTONOSUPPORT', 'EAFNOSUPPORT'].includes((error as SyscallError).code)) return undefined;
    throw error;
  }
}

/**
 * The calls that take a port. Connections that were closed a while ago don't count (SO_REUSEADDR); and the socket listens,
 * for the kernel lets two programs have a port if both say so and neither listens. So it's in everybody's lists, too
 * (`ss -ltnp`). But what comes to ::1 is translated by no rule, and would wait for ever: of IPv6, it stops listening.
 */
function taking(opened: number, address: string, port: number, protocol: Protocol): Call[] {
  const reuse = (value: 0 | 1) => setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, value);
  const isSix = address.includes(':');
  const isTcp = protocol === 'tcp';
  return [
    ...(isSix ? [setsockopt(opened, IPPROTO_IPV6, IPV6_V6ONLY, 1)] : []),
    ...(isTcp ? [reuse(1)] : []),
    bind(opened, address, port),
    ...(isTcp ? [listen(opened, 0)] : []),
    ...(isTcp && isSix ? [shutdown(opened, SHUT_RD), reuse(0)] : []),
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
