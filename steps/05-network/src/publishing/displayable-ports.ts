import { addressBytes } from 'shared-native';
import type { PublishedPort } from '../network.ts';

/**
 * Ports as the column PORTS of `docker ps` shows them: neighbours as a range, what is published behind the host's address
 * (`0.0.0.0:8080->80/tcp`), and what has no address as only exposed.
 */
export function displayablePorts(ports: readonly PublishedPort[]): string {
  const groups = new Map<string, Range>(); // the latest of each kind
  const [ranges, others]: [string[], string[]] = [[], []];
  for (const { hostIp, hostPort = 0, containerPort, protocol } of ports.toSorted(byPort)) {
    const kind = { hostIp, protocol };
    const key = JSON.stringify(kind);
    const group = groups.get(key);
    if (hostIp !== '' && hostPort !== containerPort) {
      others.push(`${addressAndPort(hostIp, hostPort)}->${containerPort}/${protocol}`);
    } else if (group && containerPort === group.last + 1) group.last = containerPort;
    else {
      if (group) ranges.push(shown(group));
      groups.set(key, { ...kind, first: containerPort, last: containerPort });
    }
  }
  return [...ranges, ...[...groups.values()].map(shown), ...others].join(', ');
}

/** An address and a port as Go's net.JoinHostPort writes them: `127.0.0.1:80`, `[::1]:80`. */
export function addressAndPort(address: string, port: number | string): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

interface Range {
  readonly hostIp: string;
  readonly protocol: string;
  readonly first: number;
  last: number;
}

function shown({ hostIp, protocol, first, last }: Range): string {
  const ports = first === last ? `${first}` : `${first}-${last}`;
  return `${hostIp === '' ? '' : `${addressAndPort(hostIp, ports)}->`}${ports}/${protocol}`;
}

function byPort(one: PublishedPort, other: PublishedPort): number {
  return (
    one.containerPort - other.containerPort ||
    byAddress(one.hostIp, other.hostIp) ||
    (one.hostPort ?? 0) - (other.hostPort ?? 0) ||
    (one.protocol < other.protocol ? -1 : Number(one.protocol > other.protocol))
  );
}

/** None, then IPv4, then IPv6; each by its bytes. */
function byAddress(one: string, other: string): number {
  const [bytes, others] = [one, other].map((text) => (text === '' ? new Uint8Array() : addressBytes(text)));
  return (bytes?.length ?? 0) - (others?.length ?? 0) || Buffer.compare(bytes as Uint8Array, others as Uint8Array);
}
