import { assertInterface } from '../bridge-options.ts';
import { DEFAULT_NETWORK, IFNAME, type PublishedPort, STANDS_ALONE, type Wanted } from '../network.ts';
import type { NetworkFlags } from './network-flags.ts';

/** The networks that a container is to be in, with what the flags beside `--network` say of the first. @throws {Error} if they contradict each other */
export function wantedNetworks(flags: NetworkFlags): Wanted[] {
  const [given = { network: DEFAULT_NETWORK, aliases: [] }, ...others] = flags.network ?? [];
  const all = [withFlags(given, flags), ...others].map((one) => ({ ...one, network: named(one.network) }));
  checkNetworks(all);
  return all;
}

function named(network: string): string {
  if (network.trim() === '') throw new Error('no name set for network: give --network one');
  return network === 'default' ? DEFAULT_NETWORK : network;
}

// #region what can't be said twice
/** What the first network is told by flags, unless it is told by `--network name=…` as well. */
function withFlags(first: Wanted, { networkAlias = [], ip, ip6, linkLocalIp, macAddress: mac }: NetworkFlags) {
  const both = (flag: string, what: string) =>
    new Error(`conflicting options: cannot specify both ${flag} and per-network ${what}`);
  if (networkAlias.length > 0 && first.aliases.length > 0) throw both('--network-alias', 'alias');
  if (ip !== undefined && first.ip !== undefined) throw both('--ip', 'IPv4 address');
  if (ip6 !== undefined && first.ip6 !== undefined) throw both('--ip6', 'IPv6 address');
  if (linkLocalIp !== undefined && first.linkLocalIps !== undefined)
    throw both('--link-local-ip', 'link-local IP addresses');
  if (mac !== undefined && first.mac !== undefined) throw both('--mac-address', 'MAC address');
  return {
    ...first,
    aliases: [...first.aliases, ...networkAlias],
    ...(ip !== undefined && { ip }),
    ...(ip6 !== undefined && { ip6 }),
    ...(linkLocalIp !== undefined && { linkLocalIps: linkLocalIp }),
    ...(mac !== undefined && { mac }),
  };
}
// #endregion

/** Is it a network that somebody has made, and not one of docker's own? */
export function isUserDefined(network: string): boolean {
  return network !== DEFAULT_NETWORK && !STANDS_ALONE.test(network);
}

/** Is it the network of another container? */
export function isContainer(network: string): boolean {
  return network.startsWith('container:');
}

function checkNetworks(all: readonly Wanted[]): void {
  const names = all.map(({ network }) => network);
  const [twice] = names.filter((name, nth) => names.indexOf(name) !== nth);
  refuse(twice !== undefined, `network "${twice}" is specified multiple times`);
  const defined = names.filter(isUserDefined).length;
  refuse(
    defined > 0 && defined < names.length,
    'conflicting options: cannot attach both user-defined and non-user-defined network-modes',
  );
  refuse(
    names.length > 1 && defined === 0,
    `container cannot be connected to multiple networks with one of the networks in ${names.find((name) => name !== DEFAULT_NETWORK)} mode`,
  );
  for (const one of all) refuseUnsupported(one);
  for (const { network, ip, ip6, aliases } of all.filter((one) => !isUserDefined(one.network))) {
    refuse(
      aliases.length > 0,
      `network-scoped aliases are only supported for user-defined networks, and "${network}" is none`,
    );
    refuse(
      ip !== undefined || ip6 !== undefined,
      `user specified IP address is supported on user defined networks only\n"${network}" is none: network create --subnet makes one`,
    );
  }
}

/** What docker reads and does, and this course doesn't: better an error than a flag that does nothing. */
export function refuseUnsupported({ driverOpts = {} }: Wanted): void {
  const { [IFNAME]: ifname, ...others } = driverOpts;
  if (ifname !== undefined) assertInterface(ifname);
  const option = Object.keys(others).find((name) => name.startsWith('com.docker.network.'));
  refuse(
    option !== undefined,
    `${option} is an option of docker's bridge, and a bridge of this course has no such option`,
  );
}

/** What docker's daemon checks of a container whose network is another's, or the host's. @throws {Error} if it can't be */
export function checkMode(
  { network, mac }: Wanted,
  flags: NetworkFlags & { hostname?: string },
  ports: readonly PublishedPort[],
): void {
  checkPorts(ports);
  if (!isContainer(network)) return; // the host's interfaces keep their addresses, whatever --mac-address says
  const conflict = (wrong: boolean, what: string) => refuse(wrong, `conflicting options: ${what}`);
  refuse(network === 'container:', 'invalid network mode: invalid container format container:<name|id>');
  conflict(Boolean(flags.hostname), 'hostname and the network mode');
  conflict(flags.dns !== undefined, 'dns and the network mode');
  conflict(flags.addHost !== undefined, 'custom host-to-IP mapping and the network mode');
  conflict(mac !== undefined, 'mac-address and the network mode');
  conflict(ports.length > 0 || Boolean(flags.publishAll), 'port publishing and the container type network mode');
  conflict(flags.expose !== undefined, 'port exposing and the container type network mode');
}

function checkPorts(ports: readonly PublishedPort[]): void {
  refuse(
    ports.some(({ containerPort }) => containerPort === 0),
    'invalid port 0: a container has no such port',
  );
  const twice = ports.find((one, nth) => ports.slice(0, nth).some((other) => isSame(one, other)));
  refuse(twice !== undefined, `port ${twice?.hostPort}/${twice?.protocol} of the host is published twice`);
}

/** Are these one port of the host's? All addresses of a version count as any of them. */
function isSame(one: PublishedPort, other: PublishedPort): boolean {
  const [ip, otherIp] = [one.hostIp, other.hostIp];
  const covers = (all: string, ip: string) => all === '' || all === ip || all === (ip.includes(':') ? '::' : '0.0.0.0');
  const isPort = one.hostPort !== undefined && one.hostPort === other.hostPort && one.protocol === other.protocol;
  return isPort && (covers(ip, otherIp) || covers(otherIp, ip));
}

/** Docker's warning, where a container has no address of its own that a port could lead to. */
export function discarded(network: string, ports: readonly PublishedPort[]): string[] {
  if (ports.length === 0 || (network !== 'host' && network !== 'none')) return [];
  return [`WARNING: Published ports are discarded when using ${network} network mode`];
}

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new Error(message);
}
