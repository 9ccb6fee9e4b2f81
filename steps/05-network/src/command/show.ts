import { put } from 'step-04';
import { inspection } from '../format/inspection.ts';
import { listing, type Row } from '../format/listing.ts';
import { NO_LIST, NO_MAP, Struct } from '../format/template/values.ts';
import type { Address, Network, Subnet } from '../network.ts';
import { containersIn, type Member, type Members } from './containers.ts';
import { isWanted } from './filter.ts';
import type { ListFlags } from './flags.ts';
import { endpointId, isPredefined, type Listed, listed, networkOf } from './id.ts';

/** `network ls`. @returns the exit status */
export function list({ filter = [], format, quiet = false, trunc }: ListFlags, members: Members): number {
  const found = listed().filter(isWanted(filter, members));
  const idOf = ({ id }: Listed) => (trunc ? id.slice(0, 12) : id);
  if (quiet) put(found.map((one) => `${idOf(one)}\n`).join(''));
  else
    put(
      listing(
        found.map((one) => summary(one, idOf(one))),
        LAYOUT,
        format,
      ),
    );
  return 0;
}

/** `network inspect`. @returns the exit status: 1 if one isn't there */
export function inspect(names: readonly string[], members: Members, format?: string): number {
  return inspection(names, (name) => inspectedNetwork(name, members), format);
}

/** What docker's inspect tells of a network. */
export function inspectedNetwork(called: string, members: Members = containersIn): Struct {
  const { name, id, driver, network } = networkOf(called);
  return new Struct('network.Inspect', {
    Name: name,
    Id: id,
    Created: network?.created ?? '0001-01-01T00:00:00Z',
    Scope: 'local',
    Driver: driver,
    EnableIPv4: network ? hasVersion(network, 4) : true,
    EnableIPv6: network ? hasVersion(network, 6) : false,
    IPAM: new Struct('network.IPAM', {
      Driver: 'default',
      Options: network === undefined || isPredefined(name) ? NO_MAP : (network.ipamOptions ?? {}),
      Config: network ? network.subnets.map(config) : NO_LIST,
    }),
    Internal: network?.internal ?? false,
    Attachable: network?.attachable ?? false,
    Ingress: false,
    ConfigFrom: new Struct('network.ConfigReference', { Network: '' }),
    ConfigOnly: false,
    Containers: Object.fromEntries(members(name).map((one) => [one.container, toldOf(one)])),
    Options: network === undefined ? {} : isPredefined(name) ? defaultOptions(network) : network.options,
    Labels: network?.labels ?? {},
  });
}

/** What docker says of its default network, which is as true of this one. */
function defaultOptions({ bridge }: Network): Record<string, string> {
  return {
    'com.docker.network.bridge.default_bridge': 'true',
    'com.docker.network.bridge.enable_icc': 'true',
    'com.docker.network.bridge.enable_ip_masquerade': 'true',
    'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
    'com.docker.network.bridge.name': bridge,
    'com.docker.network.driver.mtu': '1500',
  };
}

function toldOf({ name, container, endpoint: { mac, addresses, network } }: Member): Struct {
  const of = (six: boolean) => addresses.find(({ address }) => address.includes(':') === six);
  const text = (one?: Address) => (one ? `${one.address}/${one.prefix}` : '');
  const [ipv4, ipv6] = [text(of(false)), text(of(true))];
  return new Struct('network.EndpointResource', {
    Name: name,
    EndpointID: endpointId(container, network),
    MacAddress: mac,
    IPv4Address: ipv4,
    IPv6Address: ipv6,
  });
}

function config({ cidr, gateway, ipRange, auxiliary }: Subnet): Struct {
  return new Struct(
    'network.IPAMConfig',
    {
      Subnet: cidr,
      ...(ipRange !== undefined && { IPRange: ipRange }),
      Gateway: gateway,
      ...(auxiliary && { AuxiliaryAddresses: auxiliary }),
    },
    { IPRange: '', AuxiliaryAddresses: NO_MAP },
  );
}

/** What there is of a network for a template of `network ls`. */
function summary({ name, driver, network }: Listed, id: string): Row {
  return {
    CreatedAt: network?.created ?? '',
    Driver: driver,
    ID: id,
    IPv4: String(network === undefined || hasVersion(network, 4)),
    IPv6: String(network !== undefined && hasVersion(network, 6)),
    Internal: String(network?.internal ?? false),
    Labels: Object.entries(network?.labels ?? {})
      .map(([label, value]) => `${label}=${value}`)
      .join(),
    Name: name,
    Scope: 'local',
    Label: (label) => network?.labels[label] ?? '',
  };
}

function hasVersion({ subnets }: Network, version: 4 | 6): boolean {
  return subnets.some(({ cidr }) => cidr.includes(':') === (version === 6));
}

const LAYOUT = {
  headings: {
    ...{ ID: 'NETWORK ID', Name: 'NAME', Driver: 'DRIVER', Scope: 'SCOPE', Labels: 'LABELS' },
    ...{ IPv4: 'IPV4', IPv6: 'IPV6', Internal: 'INTERNAL', CreatedAt: 'CREATED AT' },
  },
  shown: ['ID', 'Name', 'Driver', 'Scope'],
  type: '*network.networkContext',
  raw: 'network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n',
};
