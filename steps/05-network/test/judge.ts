import {
  CLONE_NEWNET,
  CLONE_NEWPID,
  hairpin,
  linkUp,
  type Message,
  newAddress,
  newBridge,
  newVeth,
} from 'shared-native';
import {
  addTables,
  asParent,
  machine,
  type NetworkNamespace,
  newNetwork,
  type OtherProcess,
  packet,
  type Question,
  runIn,
  type State,
  tellKernel,
} from 'shared-native/model';
import type { Endpoint, Network } from '../src/network.ts';
import { networkTable } from '../src/rules.ts';
import type { Table } from '../src/tables.ts';

// Homework is judged by what becomes of packets in the model of the kernel: on a host with networks, a container whose cable is
// plugged in, and neighbours.

/** A container on a network: the host part of its addresses is `number`. */
export function endpoint(network: Network, number: number, nth = 0, isDefault = true): Endpoint {
  return {
    network,
    device: { name: `eth${nth}`, index: 16 + nth },
    veth: { name: `veth${number}x${nth}`, index: 1000 + number * 10 + nth },
    mac: `02:42:00:00:${String(nth).padStart(2, '0')}:${(number % 256).toString(16).padStart(2, '0')}`,
    addresses: network.subnets.map(({ cidr, gateway }) => ({
      address: gateway.replace(/[\da-f]+$/, number.toString(cidr.includes(':') ? 16 : 10)),
      prefix: Number(cidr.split('/')[1]),
      gateway,
    })),
    names: [],
    isDefault,
  };
}

export interface Town {
  readonly state: State;
  readonly host: NetworkNamespace;
  readonly container: NetworkNamespace;
  /** Another container on the first network; undefined without networks. */
  readonly neighbour: NetworkNamespace;
}

/**
 * A host with the networks of a container's endpoints, and the container, plugged in: its own end is still to be set up. A
 * neighbour is on the first of its networks, at number 77.
 */
export function town(endpoints: readonly Endpoint[], tables: readonly Table[] = []): Town {
  const state = machine({ clone: CLONE_NEWNET | CLONE_NEWPID });
  const host = state.parent.namespaces.net;
  const neighbour = newNetwork(-5, state.firstUserNamespace);
  state.others.push({
    hostPid: 5,
    namespaces: { ...state.parent.namespaces, net: neighbour },
  } as unknown as OtherProcess);
  asParent(state, () => {
    const tell = (message: Message, pid = state.parent.hostPid) => tellKernel(state, host, message, pid);
    for (const variable of ['ipv4/ip_forward', 'ipv4/conf/all/route_localnet', 'ipv6/conf/all/forwarding'])
      host.settings.set(variable, '1');
    for (const family of ['ipv4', 'ipv6']) host.settings.set(`${family}/conf/default/forwarding`, '1');
    for (const name of ['lo', 'eth0']) host.settings.set(`ipv4/conf/${name}/forwarding`, '1');
    for (const one of endpoints) {
      const { network, veth, device, mac } = one;
      tell(newBridge(network.bridge));
      for (const { cidr, gateway } of network.subnets)
        tell(newAddress(network.bridge, gateway, Number(cidr.split('/')[1])));
      tell(linkUp(network.bridge));
      addTables(state, [networkTable(network)]);
      tell(newVeth(veth, network.bridge, { ...device, mac, pid: { pid: true } }));
      tell(hairpin(veth.name));
    }
    addTables(state, tables);
    const [first] = endpoints;
    if (first) plugInNeighbour(state, neighbour, endpoint(first.network, 77));
  });
  return { state, host, container: state.process.namespaces.net, neighbour };
}

function plugInNeighbour(
  state: State,
  neighbour: NetworkNamespace,
  { network, veth, device, mac, addresses }: Endpoint,
): void {
  const { net } = state.process.namespaces;
  tellKernel(state, net, newVeth(veth, network.bridge, { ...device, mac, pid: { pid: true } }), 5);
  for (const name of ['lo', device.name]) tellKernel(state, neighbour, linkUp(name));
  for (const one of addresses) {
    tellKernel(state, neighbour, newAddress(device, one.address, one.prefix));
    tellKernel(state, neighbour, wayOut(one.gateway, device.index));
  }
}

function wayOut(gateway: string, index: number): Message {
  const header = { rtm_family: gateway.includes(':') ? 10 : 2, rtm_table: 254, rtm_protocol: 3, rtm_type: 1 };
  return {
    type: 'RTM_NEWROUTE',
    flags: ['NLM_F_CREATE'],
    header,
    attributes: { RTA_GATEWAY: gateway, RTA_OIF: index },
  };
}

/** The container makes its calls, in the model. */
export function settled(place: Town, calls: Parameters<typeof runIn>[1], options = {}): ReturnType<typeof runIn> {
  return runIn(place.state, calls, options);
}

/** Who gets a packet, and as what; or why nobody does. Plain values: what a failing test shows has to be small. */
export function sent({ state, host, container, neighbour }: Town, question: Question) {
  const { story, at, ...delivery } = packet(state, question);
  const names = new Map([
    [host, 'host'],
    [container, 'container'],
    [neighbour, 'neighbour'],
    [state.outside, 'outside'],
  ]);
  return { ...delivery, ...(at && { at: names.get(at) ?? 'nobody known' }), story: story.join('; ') };
}
