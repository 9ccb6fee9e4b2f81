import {
  asParent,
  machine,
  type NetworkNamespace,
  type OtherProcess,
  packet,
  type State,
  tellKernel,
} from '../../../src/model/index.ts';
import { newNetwork } from '../../../src/model/network/network.ts';
import { addTables } from '../../../src/model/network/nft/tables.ts';
import { writeSysctl } from '../../../src/model/network/sysctls.ts';
import { type Asked, type Configuration, MACHINES, type Name } from './configuration.ts';

/** What the model says of each packet: where it comes to and from whom, by UDP; and whether TCP gets its answer. */
export function modelledPackets(configuration: Configuration, questions: readonly Asked[]) {
  const state = machine();
  return asParent(state, () => {
    const networks = setUp(state, configuration);
    const name = (network: NetworkNamespace | undefined) => MACHINES.find((one) => networks.get(one) === network);
    return questions.map(({ in: from, to, port }) => {
      const send = (protocol: 'tcp' | 'udp') =>
        packet(state, { in: networks.get(from) as NetworkNamespace, to, port, protocol });
      const [udp, tcp] = [send('udp'), send('tcp')];
      const seen = (one: typeof udp) => `${name(one.at)} ${one.packet?.source}`;
      return { udp: udp.arrives ? seen(udp) : null, tcp: tcp.answered ? seen(tcp) : null, story: { udp, tcp } };
    });
  });
}

function setUp(state: State, { messages, variables, tables }: Configuration): Map<Name, NetworkNamespace> {
  const { net } = state.process.namespaces;
  const networks = new Map<Name, NetworkNamespace>([
    ['host', net],
    ['outside', state.outside],
  ]);
  for (const [nth, name] of MACHINES.slice(2).entries()) {
    const network = newNetwork(-2 - nth, state.firstUserNamespace);
    networks.set(name, network);
    const { namespaces } = state.process;
    state.others.push({ hostPid: 900 + nth, namespaces: { ...namespaces, net: network } } as unknown as OtherProcess);
  }
  for (const { on, to, message } of messages) {
    const pid = 900 + MACHINES.slice(2).indexOf(to as never);
    tellKernel(state, networks.get(on) as NetworkNamespace, message, pid);
  }
  for (const { path, value } of variables) writeSysctl(state, net, path.replace('/proc/sys/net/', ''), value);
  addTables(state, tables);
  return networks;
}
