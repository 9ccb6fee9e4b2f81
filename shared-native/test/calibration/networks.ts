import { execFileSync } from 'node:child_process';
import {
  AF_NETLINK,
  AT_FDCWD,
  type Call,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  O_RDONLY,
  openat,
  SOCK_CLOEXEC,
  SOCK_RAW,
  socket,
  unshare,
} from '../../src/index.ts';
import type { Link, NetworkNamespace, State } from '../../src/model/index.ts';
import { ROOTLESS, type Scene } from './scenes.ts';

/** The descriptor of the network namespace that the process was born into. */
const BEFORE = 3;

/**
 * A process in two network namespaces: it opens a socket of rtnetlink in the one it was born into (4), enters another, and opens
 * one there (5). In its PID namespace it is number 1, which is how a message can name the second.
 */
export const NETWORKS: Scene = {
  name: 'networks',
  clone: CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET,
  before: twoNetworks,
  tree: false,
  networks: true,
};

export const ROOTLESS_NETWORKS: Scene = {
  ...NETWORKS,
  ...ROOTLESS,
  clone: ROOTLESS.clone | CLONE_NEWNET,
  name: 'rootless networks',
  before: twoNetworks,
};

function twoNetworks(): Call[] {
  const rtnetlink = () => socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
  return [openat(AT_FDCWD, '/proc/self/ns/net', O_RDONLY), rtnetlink(), unshare(CLONE_NEWNET), rtnetlink()];
}

/** What ip(8) shows of both namespaces, one fact a line. */
export function realNetworks(pid: number): Record<string, string> {
  return { 'network before': look(`/proc/${pid}/fd/${BEFORE}`), 'network now': look(`/proc/${pid}/ns/net`) };
}

interface Shown {
  readonly [name: string]: unknown;
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address: string;
  readonly master?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_slave_data?: { readonly hairpin: boolean; readonly isolated: boolean; readonly learning: boolean };
  };
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
    readonly secondary?: boolean;
  }[];
}

interface ShownRoute {
  readonly dst: string;
  readonly dev: string;
  readonly gateway?: string;
  readonly protocol?: string;
  readonly scope?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
}

function look(namespace: string): string {
  const script = 'ip -j -d addr; echo; ip -j -4 route; echo; ip -j -6 route';
  const output = execFileSync('nsenter', [`--net=${namespace}`, 'sh', '-c', script], { encoding: 'utf8' });
  const [links, four, six] = output.split('\n\n').map((text) => JSON.parse(text.trim() || '[]')) as [
    Shown[],
    ShownRoute[],
    ShownRoute[],
  ];
  const routes = [...four, ...six.filter(({ dst }) => !/^(fe80|ff00)::/.test(dst))];
  return [
    ...links.sort((one, other) => one.ifindex - other.ifindex).map(shownLink),
    ...sorted(routes.map(shownRoute)),
  ].join('\n');
}

function shownLink({ ifindex, ifname, flags, mtu, address, master, linkinfo, addr_info }: Shown): string {
  const isUp = flags.includes('UP') ? 'up' : 'down';
  const port = linkinfo?.info_slave_data;
  const addresses = addr_info.filter(({ scope, local }) => scope !== 'link' && !local.startsWith('fe80'));
  return line([
    `${ifindex} ${ifname} ${linkinfo?.info_kind ?? 'loopback'} ${isUp} mtu ${mtu}`,
    address.startsWith('02:') && CHOSEN.includes(address) && linkinfo?.info_kind !== 'bridge' && `mac ${address}`,
    master && `master ${master}`,
    port && `hairpin ${port.hairpin} isolated ${port.isolated} learning ${port.learning}`,
    ...inOrder(addresses).map(
      ({ local, prefixlen, secondary }) => `${local}/${prefixlen}${secondary ? ' secondary' : ''}`,
    ),
  ]);
}

/** A bridge takes the MAC address of a port; all that nobody chose are random. */
const CHOSEN = ['02:00:00:00:00:09', '02:42:0a:09:00:02'];

function shownRoute({ dst, dev, gateway, protocol = 'boot', scope, metric, prefsrc }: ShownRoute): string {
  return line([
    `to ${dst}`,
    gateway && `via ${gateway}`,
    `dev ${dev} proto ${protocol}`,
    scope && `scope ${scope}`,
    metric !== undefined && `metric ${metric}`,
    prefsrc && `src ${prefsrc}`,
  ]);
}

const line = (words: readonly (string | false | null | undefined)[]) => words.filter(Boolean).join(' ');

/** First those of IPv4, as they come; then those of IPv6, which the kernel has in no order. */
function inOrder<Address extends { readonly local: string }>(addresses: readonly Address[]): Address[] {
  const key = ({ local }: Address) => (local.includes(':') ? local : '');
  return [...addresses].sort((one, other) => compare(key(one), key(other)));
}

/** By destination; those of one destination stay in their order. */
function sorted(routes: readonly string[]): string[] {
  const key = (route: string) => `${/ metric (256|1024)|::/.test(route)} ${route.split(' ')[1]}`;
  return [...routes].sort((one, other) => compare(key(one), key(other)));
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one !== other));

/** The same of a state. */
export function modelledNetworks({ process }: State): Record<string, string> {
  const { special } = process.descriptors.get(BEFORE)?.file.place.inode ?? {};
  if (special?.kind !== 'namespace') throw new Error('the first descriptor is no network namespace');
  return {
    'network before': shownNetwork(special.namespace as NetworkNamespace),
    'network now': shownNetwork(process.namespaces.net),
  };
}

const PROTOCOLS: Readonly<Record<number, string>> = { 2: 'kernel', 3: 'boot', 4: 'static' };
const SCOPES: Readonly<Record<number, string | undefined>> = { 253: 'link' };

function shownNetwork({ links, routes }: NetworkNamespace): string {
  const all = [...links.values()].sort((one, other) => one.index - other.index);
  const shown = routes.map((route) =>
    shownRoute({
      dst: route.prefix === 0 ? 'default' : `${route.destination}${isWhole(route) ? '' : `/${route.prefix}`}`,
      dev: route.link.name,
      ...(route.gateway && { gateway: route.gateway }),
      protocol: PROTOCOLS[route.protocol] ?? String(route.protocol),
      ...(SCOPES[route.scope] && { scope: SCOPES[route.scope] as string }),
      ...(route.metric && { metric: route.metric }),
      ...(route.source && { prefsrc: route.source }),
    }),
  );
  return [...all.map(linkLine), ...sorted(shown)].join('\n');
}

const isWhole = ({ destination, prefix }: { destination: string; prefix: number }) =>
  prefix === (destination.includes(':') ? 128 : 32);

function linkLine({ index, name, kind, up, mtu, mac, master, port, addresses }: Link): string {
  return line([
    `${index} ${name} ${kind} ${up ? 'up' : 'down'} mtu ${mtu}`,
    mac?.startsWith('02:') && kind !== 'bridge' && `mac ${mac}`,
    master && `master ${master.name}`,
    master && `hairpin ${port.hairpin} isolated ${port.isolated} learning ${port.learning}`,
    ...inOrder(addresses).map(({ local, prefix, secondary }) => `${local}/${prefix}${secondary ? ' secondary' : ''}`),
  ]);
}
