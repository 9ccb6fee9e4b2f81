import type { Endpoint, PublishedPort } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';

/**
 * The ports of a container that runs: those that the host answers for, with its address, and those that are only exposed,
 * with none.
 */
export function portsOf({ run, options }: BoxRecord): PublishedPort[] {
  if (run.status !== 'begun') return [];
  const published = run.ports.flatMap((port) => addresses(port, run.endpoints).map((hostIp) => ({ ...port, hostIp })));
  const isPublished = ({ containerPort, protocol }: PublishedPort) =>
    published.some((one) => one.containerPort === containerPort && one.protocol === protocol);
  return [...published, ...options.exposed.map(exposed).filter((port) => !isPublished(port))];
}

/** An address that says "all" stands for those that a packet finds a way in from: IPv6, where the container has an address of it. */
function addresses({ hostIp }: PublishedPort, endpoints: readonly Endpoint[]): string[] {
  if (hostIp !== '') return [hostIp];
  const all = endpoints.flatMap((one) => one.addresses.map(({ address }) => address));
  return [
    ...(all.some((address) => !address.includes(':')) ? ['0.0.0.0'] : []),
    ...(all.some((address) => address.includes(':')) ? ['::'] : []),
  ];
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
