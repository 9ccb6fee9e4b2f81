/** A container that another is linked to. */
export interface Linked {
  /** What it is called in the other, after that one's name: `/client/db`. */
  readonly path: string;
  readonly address: string;
  /** The ports that it listens on: `80/tcp`. */
  readonly exposed: readonly string[];
  readonly env: readonly string[];
}

/** The variables by which docker tells a container of one that it is linked to. */
export function linkEnvironment({ path, address, exposed, env }: Linked): string[] {
  const prefix = (path.split('/').at(-1) ?? '').toUpperCase().replaceAll('-', '_');
  const ports = sorted(exposed);
  const [first] = ports;
  return [
    ...(first ? [`${prefix}_PORT=${at(address, first)}`] : []),
    ...ports.flatMap((port) => ofPort(`${prefix}_PORT_${named(port)}`, address, port)),
    ...runs(ports).flatMap(([from, to]) => ofRun(`${prefix}_PORT_${named(from)}`, address, from, to)),
    `${prefix}_NAME=${path}`,
    ...env.filter(isTold).map((variable) => `${prefix}_ENV_${variable}`),
  ];
}

type Port = readonly [number: number, protocol: string];

/** TCP first, each protocol by number. */
function sorted(exposed: readonly string[]): Port[] {
  const ports = exposed.map((port): Port => [Number(port.split('/')[0]), port.split('/')[1] ?? 'tcp']);
  const rank = ([, protocol]: Port) => (protocol === 'tcp' ? '' : protocol);
  return ports.sort(
    (one, other) => (rank(one) < rank(other) ? -1 : Number(rank(one) > rank(other))) || one[0] - other[0],
  );
}

function ofPort(prefix: string, address: string, port: Port): string[] {
  const [number, protocol] = port;
  return [
    `${prefix}=${at(address, port)}`,
    `${prefix}_ADDR=${address}`,
    `${prefix}_PORT=${number}`,
    `${prefix}_PROTO=${protocol}`,
  ];
}

/** Ports that follow one another have the first and the last of them, too. */
function ofRun(prefix: string, address: string, from: Port, to: Port): string[] {
  return [
    `${prefix}_START=${at(address, from)}`,
    `${prefix}_PORT_START=${from[0]}`,
    `${prefix}_END=${at(address, to)}`,
    `${prefix}_PORT_END=${to[0]}`,
  ];
}

function runs(ports: readonly Port[]): [Port, Port][] {
  const all: [Port, Port][] = [];
  for (const port of ports) {
    const last = all.at(-1);
    if (last?.[1][0] === port[0] - 1 && last[1][1] === port[1]) last[1] = port;
    else all.push([port, port]);
  }
  return all.filter(([from, to]) => from !== to);
}

function at(address: string, [number, protocol]: Port): string {
  return `${protocol}://${address}:${number}`;
}

function named([number, protocol]: Port): string {
  return `${number}_${protocol.toUpperCase()}`;
}

function isTold(variable: string): boolean {
  return variable.includes('=') && !/^(HOME|PATH)=/.test(variable);
}
