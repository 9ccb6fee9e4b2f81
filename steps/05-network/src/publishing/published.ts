import { hostIpOf } from '../bridge-options.ts';
import type { Endpoint, PublishedPort } from '../network.ts';
import { displayablePorts } from './displayable-ports.ts';
import { warnOfFirewalls } from './firewall.ts';
import { addressesOf, reservePorts } from './reserve.ts';

/**
 * A container's ports, each with one of the host's that is reserved from now on. Those that nobody chose are told.
 *
 * @throws {Error} as `reservePorts`
 */
export function published(
  ports: readonly PublishedPort[],
  endpoints: readonly Endpoint[],
  say: (line: string) => void,
): PublishedPort[] {
  const endpoint = endpoints.find(({ isDefault }) => isDefault);
  if (!endpoint) {
    say('WARNING: Published ports are discarded: no network of the container leads out');
    return [];
  }
  const hostIp = hostIpOf(endpoint.network);
  const bound = ports.map((port) => (port.hostIp === '' ? { ...port, hostIp } : port));
  const reserved = reservePorts(bound, endpoint.network);
  warnOfFirewalls(endpoint.network.bridge, say);
  const told = reserved.filter((_, nth) => ports[nth]?.hostPort === undefined);
  const shown = told.flatMap((port) => addressesOf(port, endpoint.network).map((hostIp) => ({ ...port, hostIp })));
  if (shown.length > 0) say(`published: ${displayablePorts(shown)}`);
  return reserved;
}
