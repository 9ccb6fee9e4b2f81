import type { Attributes, Message, Value } from './message.ts';

/** The command of iproute2 that tells the kernel the same: `ip link set lo up`. */
export function asIp(message: Message): string {
  const { type, header, attributes, device } = message;
  const name = attributes.IFLA_IFNAME;
  switch (type) {
    case 'RTM_NEWLINK':
      if (slaveData(attributes)?.IFLA_BRPORT_MODE === 1) return `ip link set ${name} type bridge_slave hairpin on`;
      if (slaveData(attributes)?.IFLA_BRPORT_ISOLATED === 1) return `ip link set ${name} type bridge_slave isolated on`;
      return attributes.IFLA_LINKINFO ? `ip link add ${name} ${added(header, attributes)}` : `ip link set ${name} up`;
    case 'RTM_SETLINK':
      return `ip link set ${name} master ${shown(attributes.IFLA_MASTER as Value)}`;
    case 'RTM_DELLINK':
      return `ip link del ${name}`;
    case 'RTM_NEWADDR':
    case 'RTM_DELADDR':
      return `ip ${family(header)}addr ${type === 'RTM_NEWADDR' ? 'replace' : 'del'} ${attributes.IFA_LOCAL}/${header.ifa_prefixlen} dev ${device}${attributes.IFA_FLAGS ? ' nodad' : ''}`;
    case 'RTM_NEWROUTE':
    case 'RTM_DELROUTE':
      return `ip ${family(header)}route ${routeVerb(message)} ${attributes.RTA_DST ?? 'default'} via ${attributes.RTA_GATEWAY} dev ${device}`;
    case 'RTM_NEWNEIGH':
      return `ip ${family(header)}neigh add ${attributes.NDA_DST} lladdr ${attributes.NDA_LLADDR} dev ${device}`;
  }
}

function routeVerb({ type, flags }: Message): string {
  if (type === 'RTM_DELROUTE') return 'del';
  return flags.includes('NLM_F_REPLACE') ? 'replace' : 'add';
}

function slaveData({ IFLA_LINKINFO: info }: Attributes): Attributes | undefined {
  return (info as Attributes | undefined)?.IFLA_INFO_SLAVE_DATA as Attributes | undefined;
}

function added({ ifi_index: index }: Message['header'], attributes: Attributes): string {
  const { IFLA_ADDRESS: mac, IFLA_MASTER: master, IFLA_MTU: mtu, IFLA_LINKINFO: info } = attributes;
  const { IFLA_INFO_KIND: kind, IFLA_INFO_DATA: data } = info as Attributes;
  const peer = (data as Attributes | undefined)?.VETH_INFO_PEER as
    | (Attributes & { header?: Record<string, Value> })
    | undefined;
  const words = [
    ...(index === undefined ? [] : [`index ${shown(index)}`]),
    ...(mac === undefined ? [] : [`address ${mac}`]),
    ...(master === undefined ? [] : [`master ${shown(master as Value)}`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(peer ? ['up'] : []),
    `type ${kind}`,
    ...(peer ? [`peer name ${peer.IFLA_IFNAME}`] : []),
    ...(peer?.header?.ifi_index ? [`index ${peer.header.ifi_index}`] : []),
    ...(peer?.IFLA_ADDRESS ? [`address ${peer.IFLA_ADDRESS}`] : []),
    ...(peer?.IFLA_MTU ? [`mtu ${peer.IFLA_MTU}`] : []),
    ...(peer?.IFLA_NET_NS_PID ? [`netns ${shown(peer.IFLA_NET_NS_PID as Value)}`] : []),
  ];
  return words.join(' ');
}

function family(header: Message['header']): string {
  return Object.values(header)[0] === 10 ? '-6 ' : '';
}

function shown(value: Value): string {
  return typeof value === 'object' ? ('indexOf' in value ? value.indexOf : '$pid') : String(value);
}
