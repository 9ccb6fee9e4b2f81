import type { PublishedPort } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';
import type { State } from '../containers/state.ts';

/**
 * The ports of a container that runs: those that the host answers for, with its address, and those that are only exposed,
 * with none. Its record may say that it runs until somebody cleans up, so the state counts. Without a network of its own it
 * has neither.
 */
export function portsOf({ run, options }: BoxRecord, { pid }: Pick<State, 'pid'>): PublishedPort[] {
  if (run.status !== 'begun' || pid === 0 || (run.endpoints.length === 0 && !options.usersNetwork)) return [];
  const published = run.ports.flatMap((port) => addressesOf(port).map((hostIp) => ({ ...port, hostIp })));
  const isPublished = ({ containerPort, protocol }: PublishedPort) =>
    published.some((one) => one.containerPort === containerPort && one.protocol === protocol);
  return [...published, ...options.exposed.map(exposed).filter((port) => !isPublished(port))];
}

/** The host's addresses that a published port has: those of IPv4 and of IPv6 are two, as docker has them. */
export function addressesOf({ hostIp }: PublishedPort): string[] {
  return hostIp === '' ? ['0.0.0.0', '::'] : [hostIp];
}

/** `80/tcp`, which nothing of the host's leads to. */
export function exposed(text: string): PublishedPort {
  const [port, protocol = 'tcp'] = text.split('/');
  return {
    hostIp: '',
    hostPort: undefined,
    containerPort: Number(port),
    protocol: protocol as PublishedPort['protocol'],
  };
}
