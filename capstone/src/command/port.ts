import { addressAndPort, type PublishedPort, put, type Subcommand } from 'step-10';
import { addressesOf } from '../shown/ports.ts';

/** `port`: where a container's ports are on the host. */
export const portCommand: Subcommand = {
  name: 'port',
  description: 'show where a container’s ports are published',
  positionals: [
    ['<container>', 'its name or id'],
    ['[port]', 'one of its ports: PORT[/PROTOCOL]'],
  ],
  needsRoot: true,
  failure: 1,
  async run(_, [called = '', port]) {
    const { find } = await import('../containers/find.ts');
    const { stateOf } = await import('../containers/state.ts');
    const record = find(called);
    const isThere = ['running', 'paused'].includes(stateOf(record).status);
    const ports = isThere && record.run.status === 'begun' ? record.run.ports : [];
    put(port === undefined ? all(ports) : one(ports, port, called));
    return 0;
  },
};

function all(ports: readonly PublishedPort[]): string {
  return ports.flatMap((port) => places(port).map((place) => `${nameOf(port)} -> ${place}\n`)).join('');
}

function one(ports: readonly PublishedPort[], text: string, called: string): string {
  const [number = '', protocol = 'tcp'] = text.split('/');
  if (!/^\d+$/.test(number))
    throw new Error(`invalid port (${text}): it is a number, and may have /tcp or /udp behind it`);
  const wanted = `${number}/${protocol.toLowerCase()}`;
  const its = ports.filter((port) => nameOf(port) === wanted).flatMap(places);
  if (its.length === 0) throw new Error(`No public port '${text}' published for ${called}`);
  return its.map((place) => `${place}\n`).join('');
}

function nameOf({ containerPort, protocol }: PublishedPort): string {
  return `${containerPort}/${protocol}`;
}

function places(port: PublishedPort): string[] {
  return addressesOf(port).map((address) => addressAndPort(address, port.hostPort ?? 0));
}
