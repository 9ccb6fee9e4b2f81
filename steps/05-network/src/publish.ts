import { addressBytes, addressText } from 'shared-native';
import type { Protocol, PublishedPort } from './network.ts';

// #region what -p means
/**
 * Parses `-p`: `[[ADDRESS:][PORTS]:]PORTS[/PROTOCOL]`, where PORTS is `80` or `80-89`. A range leads to a range of the same
 * length, port by port. If only the host's side is a range, a free port in it leads to the container's one port. An IPv6
 * address may be in brackets.
 *
 * @throws {Error} if it isn't of that form
 */
export function parsePublish(text: string): PublishedPort[] {
  // #region task 2: what -p means
  const { hostIp, host, inside, protocol } = partsOf(text);
  const [first, last] = parsePorts(inside);
  const [hostFirst, hostLast] = host === '' ? [0, 0] : parsePorts(host);
  if (host !== '' && first < last && hostLast - hostFirst !== last - first) {
    throw new Error(`invalid port "${text}": ${host} and ${inside} are not equally long`);
  }
  if (first === last && hostFirst < hostLast) {
    return [{ hostIp, hostPort: undefined, hostPorts: [hostFirst, hostLast], containerPort: first, protocol }];
  }
  return Array.from({ length: last - first + 1 }, (_, nth) => {
    const hostPort = host === '' ? undefined : hostFirst + nth || undefined; // 0 is any that is free
    return { hostIp, hostPort, containerPort: first + nth, protocol };
  });
  // #endregion
}
// #endregion

/** Splits `-p`'s value. Colons before the last two belong to an IPv6 address. @throws {Error} if a part is wrong */
function partsOf(text: string) {
  const parts = text.split(':');
  const [last = '', host = ''] = [parts.pop(), parts.pop()];
  const given = parts.join(':').replace(/^\[(.*)\]$/s, '$1');
  const [inside, protocol] = splitProtocol(last);
  const wrong = (what: string) => new Error(`invalid port ${JSON.stringify(text)}: ${what}`);
  if (inside === '') throw wrong('no port of the container is given');
  if (!isProtocol(protocol)) throw wrong(`the protocol is "${protocol}", and not tcp, udp or sctp`);
  const hostIp = given === '' ? '' : canonical(given);
  if (hostIp === undefined) throw wrong(`"${given}" is not an IP address`);
  return { hostIp, host, inside, protocol };
}

/** Parses `--expose` into ports such as `80/tcp`: a port or a range, and any protocol. @throws {Error} if it is neither */
export function parseExpose(text: string): string[] {
  const [ports, protocol] = splitProtocol(text);
  if (text.includes(':'))
    throw new Error(`invalid port format for --expose: "${text}" names a port of the host: use -p`);
  const [first, last] = parsePorts(ports);
  return Array.from({ length: last - first + 1 }, (_, nth) => `${first + nth}/${protocol}`);
}

/** The flags that say which ports are published. */
export interface Ports {
  readonly ports: readonly PublishedPort[];
  /** The ports that the container listens on, each once, as `80/tcp`. */
  readonly exposed: readonly string[];
  readonly publishAll: boolean;
}

/** A port of the container's as docker writes it: `80/tcp`. */
export function named({ containerPort, protocol }: PublishedPort): string {
  return `${containerPort}/${protocol}`;
}

/**
 * All the ports to publish: those of `-p`, and with `-P` also every other exposed port.
 *
 * @throws {Error} if an exposed port to publish has a protocol other than the three
 */
export function allPorts({ ports, exposed, publishAll }: Ports): PublishedPort[] {
  if (!publishAll) return [...ports];
  const published = new Set(ports.map(named));
  return [...ports, ...exposed.filter((port) => !published.has(port)).flatMap(parsePublish)];
}

/** The same ports for a plan that isn't carried out, each with the first host port that could be chosen. */
export function plannedPorts(ports: readonly PublishedPort[]): PublishedPort[] {
  return ports.map((port) => ({ ...port, hostPort: port.hostPort ?? port.hostPorts?.[0] ?? FIRST_LOCAL_PORT }));
}

/** The default of net.ipv4.ip_local_port_range. */
const FIRST_LOCAL_PORT = 32_768;

/** The first and the last port of a range, `80-89`, or a single port twice. @throws {Error} if it is neither */
export function parsePorts(text: string): [first: number, last: number] {
  const [start = '', end = start] = cut(text, '-');
  if (start === '' || end === '')
    throw new Error(`invalid port range "${text}": it needs a first and a last port, as 80-89`);
  const [first, last] = [parsePort(start), parsePort(end)];
  if (last < first) throw new Error(`invalid port range "${text}": it goes down`);
  return [first, last];
}

/** Parses a port. An empty text counts as 0. @throws {Error} if it isn't a number from 0 to 65535 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d*$/.test(text) && port <= 65_535) return port;
  throw new Error(`invalid port "${text}": expected a number from 0 to 65535`);
}

/** Splits `80/udp` in two; without a protocol it's tcp. */
export function splitProtocol(text: string): [ports: string, protocol: string] {
  const [ports = '', protocol = ''] = cut(text, '/');
  return ports === '' ? ['', ''] : [ports, protocol === '' ? 'tcp' : protocol.toLowerCase()];
}

function isProtocol(text: string): text is Protocol {
  return ['tcp', 'udp', 'sctp'].includes(text);
}

/** An IPv4 or IPv6 address in its canonical spelling (RFC 5952); undefined if it isn't an address. */
export function canonical(text: string): string | undefined {
  try {
    return addressText(addressBytes(text));
  } catch {
    return undefined;
  }
}

function cut(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
