import { type Address, type Endpoint, NO_LIST, NO_MAP, networkOf, type PublishedPort, Struct } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';
import { byName } from './by-name.ts';
import { networksOf } from './networks.ts';
import { addressesOf, portsOf } from './ports.ts';

/** What a container has of networks, as docker's API has it. @param pid - its first process's, 0 for none */
export function networkSettings(record: BoxRecord, pid: number): Struct {
  const { run } = record;
  const endpoints = run.status === 'begun' && pid !== 0 ? run.endpoints : [];
  const first = endpoints.find(({ network }) => network.name === 'bridge');
  return new Struct('container.NetworkSettings', {
    Bridge: '',
    SandboxID: '',
    SandboxKey: pid === 0 ? '' : `/proc/${pid}/ns/net`,
    Ports: portsShown(portsOf(record, { pid })),
    HairpinMode: false,
    ...{ LinkLocalIPv6Address: '', LinkLocalIPv6PrefixLen: 0 },
    ...{ SecondaryIPAddresses: NO_LIST, SecondaryIPv6Addresses: NO_LIST, EndpointID: '' },
    ...Object.fromEntries(byName(addressesShown(first))), // docker's API has them by name here, and not in a network's
    MacAddress: first?.mac ?? '',
    Networks: Object.fromEntries(networksOf(record).map((name) => [name, endpointShown(record, name, endpoints)])),
  });
}

/** The ports of `-p`, as they were asked for. */
export function portBindings(ports: readonly PublishedPort[]): Record<string, Struct[]> {
  return grouped(ports, ({ hostIp, hostPort }) => [binding(hostIp, hostPort === undefined ? '' : String(hostPort))]);
}

/** Where each port leads from; null for one that is only exposed. */
function portsShown(ports: readonly PublishedPort[]): Record<string, Struct[] | null> {
  const published = ports.filter(({ hostPort }) => hostPort !== undefined);
  const all = Object.fromEntries(ports.map((port) => [nameOf(port), null]));
  return { ...all, ...grouped(published, (port) => addressesOf(port).map((ip) => binding(ip, String(port.hostPort)))) };
}

function grouped(ports: readonly PublishedPort[], of: (port: PublishedPort) => Struct[]): Record<string, Struct[]> {
  const groups: Record<string, Struct[]> = {};
  for (const port of ports) groups[nameOf(port)] = [...(groups[nameOf(port)] ?? []), ...of(port)];
  return groups;
}

function nameOf({ containerPort, protocol }: PublishedPort): string {
  return `${containerPort}/${protocol}`;
}

function binding(HostIp: string, HostPort: string): Struct {
  return new Struct('network.PortBinding', { HostIp, HostPort });
}

function endpointShown(record: BoxRecord, network: string, endpoints: readonly Endpoint[]): Struct {
  const { options, name, id, run } = record;
  const wanted = options.networks.find((one) => one.network === network);
  const endpoint = endpoints.find((one) => one.network.name === network);
  const { ip = '', ip6 = '', linkLocalIps = [], mac, gwPriority = 0, aliases = [], links = [] } = wanted ?? { network };
  const isOwn = network !== 'bridge' && network !== 'host' && network !== 'none';
  return new Struct('network.EndpointSettings', {
    IPAMConfig: ip || ip6 || linkLocalIps.length > 0 ? ipamConfig(ip, ip6, linkLocalIps) : null,
    Links: links.length > 0 ? links : NO_LIST,
    Aliases: aliases.length > 0 ? aliases : NO_LIST,
    MacAddress: endpoint?.mac ?? mac ?? '',
    DriverOpts: wanted?.driverOpts ?? NO_MAP,
    GwPriority: gwPriority,
    NetworkID: run.status === 'created' ? '' : networkId(network), // docker asks when it is started
    EndpointID: '',
    ...addressesShown(endpoint),
    DNSNames: isOwn ? [...new Set([name, ...aliases, id.slice(0, 12)])] : NO_LIST,
  });
}

function ipamConfig(ip: string, ip6: string, linkLocalIps: readonly string[]): Struct {
  return new Struct(
    'network.EndpointIPAMConfig',
    {
      ...(ip && { IPv4Address: ip }),
      ...(ip6 && { IPv6Address: ip6 }),
      ...(linkLocalIps.length > 0 && { LinkLocalIPs: linkLocalIps }),
    },
    { IPv4Address: '', IPv6Address: '', LinkLocalIPs: NO_LIST },
  );
}

function addressesShown(endpoint: Endpoint | undefined): Record<string, string | number> {
  const of = (six: boolean): Partial<Address> =>
    endpoint?.addresses.find(({ address }) => address.includes(':') === six) ?? {};
  const [four, six] = [of(false), of(true)];
  return {
    Gateway: four.gateway ?? '',
    IPAddress: four.address ?? '',
    IPPrefixLen: four.prefix ?? 0,
    IPv6Gateway: six.gateway ?? '',
    GlobalIPv6Address: six.address ?? '',
    GlobalIPv6PrefixLen: six.prefix ?? 0,
  };
}

/** Empty for one that was removed meanwhile. */
function networkId(name: string): string {
  try {
    return networkOf(name).id;
  } catch {
    return '';
  }
}
