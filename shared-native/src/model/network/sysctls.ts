import { CAP_NET_ADMIN } from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { makeInode } from '../files/inode.ts';
import { assign, numbers, type Variable } from '../filesystems/variables.ts';
import { capable } from '../process/capabilities.ts';
import { gidIn, makeGid, makeUid, OVERFLOW_ID } from '../process/ids.ts';
import type { Inode, NetworkNamespace, State, UserNamespace } from '../state.ts';
import { linkNamed } from './network.ts';

// Below /proc/sys/net, every process sees the variables of its own network namespace.

/** How the host asks on an interface who has an address. */
const NEIGH = ['mcast_solicit', 'retrans_time_ms'];
const OF_LINK: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ipv4: {
    conf: ['accept_local', 'forwarding', 'proxy_arp', 'route_localnet', 'rp_filter', 'send_redirects'],
    neigh: NEIGH,
  },
  ipv6: { conf: ['accept_dad', 'accept_ra', 'autoconf', 'disable_ipv6', 'forwarding'], neigh: NEIGH },
};
const OF_FAMILY: Readonly<Record<string, readonly string[]>> = { ipv4: ['ip_forward'], ipv6: [] };
/** The others are 0. */
const USUAL: Readonly<Record<string, string>> = {
  ...{ accept_dad: '1', accept_ra: '1', autoconf: '1', send_redirects: '1' },
  ...{ mcast_solicit: '3', retrans_time_ms: '1000' },
};

const ANY = numbers('0', -(2 ** 31));
/** The groups that may open a socket for ping. */
const PING = 'ipv4/ping_group_range';
/** Those of no interface that are but numbers. */
const PLAIN: Readonly<Record<string, Variable>> = {
  'core/somaxconn': numbers('4096'),
  'ipv4/ip_unprivileged_port_start': numbers('1024', 0, 32_768), // not above where ip_local_port_range begins
  [PING]: numbers('1\t0'),
};

/** The directory /proc/sys/net, as the process sees it. */
export function sysctls(state: State, directory: Inode): Inode {
  return child(state, directory, 'net', { network: state.process.namespaces.net, path: '' });
}

/** What a directory of it holds under a name. */
export function lookUpSysctl(state: State, directory: Inode, name: string): Inode | undefined {
  const { special } = directory;
  if (special?.kind !== 'sysctl') return undefined;
  const { network, path } = special;
  const below = path === '' ? name : `${path}/${name}`;
  return isThere(network, below.split('/')) ? child(state, directory, name, { network, path: below }) : undefined;
}

function isThere(network: NetworkNamespace, path: readonly string[]): boolean {
  const [family = '', kind, link, variable] = path;
  if (Object.hasOwn(PLAIN, path.join('/')) || (family === 'core' && kind === undefined)) return true;
  if (!Object.hasOwn(OF_LINK, family)) return false;
  if (kind === undefined) return true;
  const variables = OF_LINK[family]?.[kind];
  if (!variables) return link === undefined && (OF_FAMILY[family] ?? []).includes(kind);
  const ofAll = kind === 'conf' ? ['all', 'default'] : ['default'];
  if (link !== undefined && !ofAll.includes(link) && !linkNamed(network, link)) return false;
  return variable === undefined || variables.includes(variable);
}

function child(state: State, directory: Inode, name: string, at: { network: NetworkNamespace; path: string }): Inode {
  const isFile = Object.hasOwn(PLAIN, at.path) || /_forward$|^[^/]+\/(conf|neigh)\/[^/]+\/./.test(at.path);
  const owner = at.network.owner as UserNamespace;
  const inode = makeInode(state, directory.filesystem, name, {
    ...(isFile ? { type: 'file', mode: 0o644 } : { type: 'directory', mode: 0o555 }),
    ...{ uid: makeUid(owner, 0) ?? 0, gid: makeGid(owner, 0) ?? 0 },
    special: { kind: 'sysctl', ...at },
  });
  inode.parent = directory;
  return inode;
}

/** What a process reads there. */
export function shownSysctl({ process }: State, network: NetworkNamespace, path: string): string {
  const text = readSysctl(network, path);
  if (path !== PING) return text;
  const groups = text.trim().split('\t');
  return `${groups.map((gid) => gidIn(process.namespaces.user, Number(gid)) ?? OVERFLOW_ID).join('\t')}\n`;
}

export function readSysctl({ settings }: NetworkNamespace, path: string): string {
  const name = path.split('/').at(-1) ?? '';
  if (Object.hasOwn(PLAIN, path)) return `${settings.get(path) ?? PLAIN[path]?.usual}\n`;
  return `${settings.get(path) ?? inherited(settings, path) ?? USUAL[name] ?? '0'}\n`;
}

/** An interface begins with what `default` says. */
function inherited(settings: ReadonlyMap<string, string>, path: string): string | undefined {
  return settings.get(path.replace(/(conf|neigh)\/[^/]+\//, '$1/default/'));
}

/** @throws EINVAL, EPERM */
export function writeSysctl(state: State, network: NetworkNamespace, path: string, text: string): void {
  const plain = Object.hasOwn(PLAIN, path) ? PLAIN[path] : undefined;
  if (plain) {
    const value = assign(plain, shownSysctl(state, network, path).trim(), text);
    network.settings.set(path, path === PING ? groupsOf(state, value) : value);
    return;
  }
  const [family = ''] = path.split('/');
  const { settings } = network;
  const forwards = (family === 'ipv4' && path.endsWith('forwarding')) || path === 'ipv4/ip_forward';
  if (forwards && !capable(state, network.owner as UserNamespace, CAP_NET_ADMIN)) fail('EPERM');
  const value = assign(ANY, '', text);
  if (value === '') return;
  const isForwarding = path === 'ipv4/ip_forward' || path.endsWith('/conf/all/forwarding');
  if (!isForwarding) {
    if (path.endsWith('/disable_ipv6') && value !== '0')
      throw new ModelError('IPv6 that is switched off is not modelled');
    settings.set(path, value);
    return;
  }
  settings.set('ipv4/ip_forward', family === 'ipv4' ? value : (settings.get('ipv4/ip_forward') ?? '0'));
  for (const name of ['all', 'default', ...[...network.links.values()].map((link) => link.name)])
    settings.set(`${family}/conf/${name}/forwarding`, value);
}

/** Two groups that the writer's user namespace has; the other way round, they are none. @throws EINVAL */
function groupsOf({ process }: State, value: string): string {
  const gids = value.split('\t').map((gid) => makeGid(process.namespaces.user, Number(gid)) ?? fail('EINVAL'));
  return (gids[1] ?? 0) < (gids[0] ?? 0) ? '1\t0' : gids.join('\t');
}

/** Is a variable of an interface on: its own, or the one of all? */
export function isOn(network: NetworkNamespace, family: 'ipv4' | 'ipv6', link: string, variable: string): boolean {
  return ['all', link].some((one) => readSysctl(network, `${family}/conf/${one}/${variable}`) !== '0\n');
}
