import type { NetworkNamespace } from '../../state.ts';

/** Who sends what to whom. */
export interface Packet {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
}

/** What a machine remembers of a connection: its first packet as it came, and as it went on. */
export interface Connection {
  readonly original: Packet;
  source: Pick<Packet, 'source' | 'sourcePort'>;
  destination: Pick<Packet, 'destination' | 'port'>;
  /** Was it decided already where it goes, and whom it seems to come from? */
  destinationSet: boolean;
  sourceSet: boolean;
  dnat: boolean;
  snat: boolean;
}

export type Connections = Map<NetworkNamespace, Connection[]>;

/** The packet's connection: one that is known, or a new one. `isAnswer`: it goes the other way. */
export function track(
  connections: Connections,
  network: NetworkNamespace,
  packet: Packet,
): { connection: Connection; isAnswer: boolean } {
  const known = connections.get(network) ?? [];
  connections.set(network, known);
  const answered = known.find((one) =>
    isSame(packet, reversed({ ...one.original, ...one.source, ...one.destination })),
  );
  if (answered) return { connection: answered, isAnswer: true };
  const seen = known.find(({ original }) => isSame(packet, original));
  if (seen) return { connection: seen, isAnswer: false };
  const { source, sourcePort, destination, port } = packet;
  const connection: Connection = {
    original: packet,
    source: { source, sourcePort },
    destination: { destination, port },
    ...{ destinationSet: false, sourceSet: false, dnat: false, snat: false },
  };
  known.push(connection);
  return { connection, isAnswer: false };
}

export function reversed({ protocol, source, sourcePort, destination, port }: Packet): Packet {
  return { protocol, source: destination, sourcePort: port, destination: source, port: sourcePort };
}

export function isSame(one: Packet, other: Packet): boolean {
  return (
    one.protocol === other.protocol &&
    one.source === other.source &&
    one.sourcePort === other.sourcePort &&
    one.destination === other.destination &&
    one.port === other.port
  );
}
