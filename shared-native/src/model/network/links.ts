import { CAP_NET_ADMIN, IFF_UP } from '../../kernel/constants.ts';
import type { Attributes, Message } from '../../rtnetlink/message.ts';
import { fail } from '../errors.ts';
import { capable } from '../process/capabilities.ts';
import type { Link, NetworkNamespace, State, UserNamespace } from '../state.ts';
import {
  addLink,
  freeName,
  join,
  linkNamed,
  moveLink,
  type NewLink,
  plug,
  removeLink,
  setMtu,
  switchOff,
  switchOn,
  unplug,
} from './network.ts';

const NAME_MAX = 15;

/** RTM_NEWLINK: makes an interface, or changes one that there is. */
export function newLink(state: State, network: NetworkNamespace, message: Message): void {
  const { attributes, flags } = message;
  assertAttributes(attributes);
  const info = (attributes.IFLA_LINKINFO ?? {}) as Attributes;
  const peer = (info.IFLA_INFO_DATA as Attributes | undefined)?.VETH_INFO_PEER as PeerAttributes | undefined;
  const { IFLA_INFO_KIND: given } = info;
  const kind = given === 'veth' || given === 'bridge' ? given : undefined;
  const isVeth = kind === 'veth';
  if (isVeth && peer) {
    assertAttributes(peer);
    assertMac(peer.IFLA_ADDRESS);
  }
  if (kind) assertMac(attributes.IFLA_ADDRESS);
  const peerNetwork = (isVeth && networkOf(state, peer)) || network;
  const elsewhere = networkOf(state, attributes);
  const link = found(network, message);
  if (link) {
    if (flags.includes('NLM_F_EXCL')) fail('EEXIST');
    if (flags.includes('NLM_F_REPLACE')) fail('EOPNOTSUPP');
    if (info.IFLA_INFO_DATA !== undefined && (link.kind !== given || isVeth)) fail('EOPNOTSUPP');
    changePort(link, info.IFLA_INFO_SLAVE_DATA as Attributes | undefined);
    change(state, link, message);
    return;
  }
  if (!flags.includes('NLM_F_CREATE')) fail('ENODEV');
  make(elsewhere ?? network, kind ?? fail('EOPNOTSUPP'), message, peer, peerNetwork);
}

type PeerAttributes = Attributes & { readonly header?: Readonly<Record<string, number>> };

function make(
  network: NetworkNamespace,
  kind: 'veth' | 'bridge',
  { attributes, header }: Message,
  peer: PeerAttributes | undefined,
  peerNetwork: NetworkNamespace,
): void {
  // The kernel looks at the index chosen for the far end only where one is chosen for the near end, too.
  const farHeader = header.ifi_index ? (peer?.header ?? {}) : {};
  const far = kind === 'veth' ? addLink(peerNetwork, { kind, ...wanted(peer ?? {}, farHeader, 'veth%d') }) : undefined;
  const made = far ? [far] : [];
  try {
    if (far && peer?.header && wantsUp(far, peer.header)) fail('ENOTCONN'); // it can't be up before it has its other end
    const near = addLink(network, { kind, ...wanted(attributes, header, `${kind}%d`) });
    made.push(near);
    if (far) join(near, far);
    if (wantsUp(near, header)) switchOn(near);
    if (attributes.IFLA_MTU !== undefined) setMtu(near, Number(attributes.IFLA_MTU));
    setMaster(near, attributes.IFLA_MASTER);
  } catch (error) {
    for (const link of made) if (link.network.links.get(link.index) === link) removeLink(link);
    throw error;
  }
}

function wanted(attributes: Attributes, header: Message['header'], otherwise: string): Omit<NewLink, 'kind'> {
  const mac = attributes.IFLA_ADDRESS === undefined ? null : String(attributes.IFLA_ADDRESS);
  const index = Number(header.ifi_index ?? 0);
  return { name: String(attributes.IFLA_IFNAME ?? otherwise), mac, ...(index > 0 && { index }) };
}

/** RTM_SETLINK: changes one that there is. */
export function setLink(state: State, network: NetworkNamespace, message: Message): void {
  assertAttributes(message.attributes);
  networkOf(state, message.attributes);
  if (!message.header.ifi_index && message.attributes.IFLA_IFNAME === undefined) fail('EINVAL');
  change(state, found(network, message) ?? fail('ENODEV'), message);
}

/** RTM_DELLINK. */
export function delLink(network: NetworkNamespace, message: Message): void {
  assertAttributes(message.attributes);
  if (!message.header.ifi_index && message.attributes.IFLA_IFNAME === undefined) fail('EINVAL');
  const link = found(network, message) ?? fail('ENODEV');
  if (link.kind === 'loopback') fail('EOPNOTSUPP');
  removeLink(link);
}

/** By index, if there is one; otherwise by name. */
function found(network: NetworkNamespace, { header, attributes }: Message): Link | undefined {
  const index = Number(header.ifi_index) | 0;
  if (index < 0) fail('EINVAL');
  if (index > 0) return network.links.get(index);
  return attributes.IFLA_IFNAME === undefined ? undefined : linkNamed(network, String(attributes.IFLA_IFNAME));
}

function change(state: State, link: Link, { header, attributes }: Message): void {
  const name = attributes.IFLA_IFNAME as string | undefined;
  const to = networkOf(state, attributes);
  if (to) moveLink(link, to, name);
  if (attributes.IFLA_ADDRESS !== undefined) {
    assertMac(attributes.IFLA_ADDRESS);
    link.mac = String(attributes.IFLA_ADDRESS);
  }
  if (attributes.IFLA_MTU !== undefined) setMtu(link, Number(attributes.IFLA_MTU));
  if (Number(header.ifi_index) > 0 && name && name !== link.name) link.name = freeName(link.network, name);
  if (header.ifi_flags || header.ifi_change) (wantsUp(link, header) ? switchOn : switchOff)(link);
  setMaster(link, attributes.IFLA_MASTER);
}

/** Up or down: the bits of ifi_flags that ifi_change names, or all where that names none. */
function wantsUp(link: Link, { ifi_flags: flags = 0, ifi_change: change = 0 }: Message['header']): boolean {
  if (!flags && !change) return link.up;
  return (Number(change) || 0xffff_ffff) & IFF_UP ? (Number(flags) & IFF_UP) !== 0 : link.up;
}

function setMaster(link: Link, master: Attributes[string] | undefined): void {
  if (master === undefined) return;
  if (Number(master) === 0) {
    unplug(link);
    return;
  }
  const bridge = link.network.links.get(Number(master));
  if (bridge && link.master === bridge) return;
  unplug(link);
  plug(link, bridge ?? fail('EINVAL'));
}

/** What IFLA_INFO_SLAVE_DATA says of a port. @throws EOPNOTSUPP if it is none */
function changePort(link: Link, data: Attributes | undefined): void {
  if (data === undefined) return;
  if (!link.master) fail('EOPNOTSUPP');
  const switches = { isolated: 'ISOLATED', learning: 'LEARNING', hairpin: 'MODE' } as const;
  for (const [name, attribute] of Object.entries(switches)) {
    const value = data[`IFLA_BRPORT_${attribute}`];
    if (value !== undefined) Object.assign(link.port, { [name]: Number(value) !== 0 });
  }
}

/** The network namespace of a process. @throws ESRCH, EPERM */
function networkOf(state: State, attributes: Attributes | undefined): NetworkNamespace | undefined {
  const pid = attributes?.IFLA_NET_NS_PID;
  if (pid === undefined) return undefined;
  const { process, parent, others } = state;
  const isFirst = process.namespaces.pid.parent === null;
  const all = isFirst ? [process, parent, ...others] : [];
  const one = all.find(({ hostPid }) => hostPid === pid) ?? (process.pid === pid && !isFirst ? process : fail('ESRCH'));
  const { net } = one.namespaces;
  return capable(state, net.owner as UserNamespace, CAP_NET_ADMIN) ? net : fail('EPERM');
}

/** @throws ERANGE for a name that is too long */
function assertAttributes({ IFLA_IFNAME: name }: Attributes): void {
  if (name !== undefined && new TextEncoder().encode(String(name)).length > NAME_MAX) fail('ERANGE');
}

/** An interface can have a MAC address of its own alone, not one of a group, and not none. @throws EADDRNOTAVAIL */
function assertMac(mac: Attributes[string] | undefined): void {
  if (mac === undefined) return;
  const text = String(mac);
  if (Number.parseInt(text.slice(0, 2), 16) & 1 || text === '00:00:00:00:00:00') fail('EADDRNOTAVAIL');
}
