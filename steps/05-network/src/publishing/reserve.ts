import { closeSync, readFileSync } from 'node:fs';
import { closeHeld, hold, isUsers } from 'step-04';
import type { Network, PublishedPort } from '../network.ts';
import { addressAndPort } from './displayable-ports.ts';
import { ownerOf } from './owner.ts';
import { PortRefused, takeAt } from './take-at.ts';

/** The sockets that reserve the host's ports. */
const kept = new Set<number>();

// #region taking a port
/**
 * Reserves the host's ports, and chooses one where any will do. Packets to a published port are translated before they could
 * reach a socket, so nobody ever connects to these sockets. They make sure that no other program gets the port, and that a
 * port in use isn't taken from its program. The kernel frees them when this process ends, however that happens.
 *
 * @param network - the network of the address that the ports lead to
 * @param keep - says who keeps a socket: by default, also a process that outlives this one
 * @returns the same ports, each with a port on the host
 * @throws {Error} that names the port and the program that has it; then none is taken
 */
export function reservePorts(
  ports: readonly PublishedPort[],
  network: Network,
  keep: (socket: number) => void = keepAsLongAsItRuns,
): PublishedPort[] {
  const taken: number[] = [];
  try {
    const all = ports.map((port) => ({ ...port, hostPort: takeOne(port, addressesOf(port, network), taken) }));
    for (const socket of taken) {
      kept.add(socket);
      keep(socket); // a container that is frozen before its execve must not keep the port
    }
    return all;
  } catch (error) {
    for (const socket of taken) closeSync(socket);
    throw error;
  }
}
// #endregion

function keepAsLongAsItRuns(socket: number): void {
  hold(socket, () => kept.delete(socket));
}

/** Lets other programs have the ports again. */
export function releasePorts(): void {
  for (const socket of kept) closeHeld(socket);
  kept.clear();
}

/** The host's addresses at which a port is published, of the IP versions the network has. @throws {Error} if there is none */
export function addressesOf({ hostIp, containerPort }: PublishedPort, network: Network): string[] {
  const all = network.subnets.map(({ cidr }) => (cidr.includes(':') ? '::' : '0.0.0.0'));
  if (hostIp === '') return all;
  if (hostIp === '::1') {
    throw new Error(
      `[::1] can't lead to port ${containerPort}: the kernel sends nothing from ::1 to another interface. Take 127.0.0.1`,
    );
  }
  if (all.some((any) => any.includes(':') === hostIp.includes(':'))) return [hostIp];
  const version = hostIp.includes(':') ? 6 : 4;
  throw new Error(
    `${hostIp} can't lead to port ${containerPort}: in the network "${network.name}" a container has no IPv${version} address (network create ${version === 6 ? '--ipv6' : '--subnet'} makes one where it has)`,
  );
}

/** Takes the first port that is free at all the addresses. @returns its number */
function takeOne(port: PublishedPort, addresses: readonly string[], taken: number[]): number {
  let refusal: PortRefused | undefined;
  for (const number of candidates(port)) {
    try {
      taken.push(...takeAt(addresses, number, port.protocol));
      return number;
    } catch (error) {
      if (!(error instanceof PortRefused)) throw error;
      refusal = error;
      if (error.code !== 'EADDRINUSE') break; // another port would be no better
    }
  }
  throw failure(port, refusal as PortRefused);
}

/** The ports that may be chosen, in docker's order: beginning with the first of the kernel's ephemeral ports. */
function* candidates({ hostPort, hostPorts }: PublishedPort): Generator<number> {
  const local = () => readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
  const [first, last] = hostPort !== undefined ? [hostPort, hostPort] : (hostPorts ?? local());
  for (let number = Math.max(first as number, 1); number <= (last as number); number++) yield number;
}

function failure(
  { hostPort, hostPorts, protocol }: PublishedPort,
  { address, port, code, message }: PortRefused,
): Error {
  if (code === 'EACCES' && isUsers())
    return new Error(
      `an ordinary user may not take port ${port}. Type: sudo sysctl -w net.ipv4.ip_unprivileged_port_start=${port}`,
    );
  if (code !== 'EADDRINUSE')
    return new Error(`Bind for ${addressAndPort(address, port)}/${protocol} failed: ${message}`);
  if (hostPort === undefined)
    return new Error(
      `Bind for ${address} failed: all ports of ${hostPorts?.join('-') ?? 'net.ipv4.ip_local_port_range'}/${protocol} are allocated`,
    );
  const owner = ownerOf(protocol, address, port);
  return new Error(
    `Bind for ${addressAndPort(address, port)}/${protocol} failed: port is already allocated${owner === undefined ? '' : `: ${owner} has it`}`,
  );
}
