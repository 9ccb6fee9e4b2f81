import { AF_INET, AF_INET6 } from '../../kernel/constants.ts';
import { addLink, join, linkNamed, newNetwork, switchOn } from '../network/network.ts';
import { routeTo } from '../network/routes.ts';
import type { Link, NetworkNamespace, UserNamespace } from '../state.ts';

/** The host's own address, the way out of its network, and a machine far away. */
export const HOST = { four: '192.168.1.10', six: 'fd00:1::10' } as const;
export const ROUTER = { four: '192.168.1.1', six: 'fd00:1::1' } as const;
export const FAR_AWAY = { four: '203.0.113.7', six: '2001:db8::7' } as const;

/**
 * Cables the host up: its eth0 leads to all other machines, which know no way to a container's address. (They are one
 * network namespace: that answers at the router's address and at the one far away.)
 */
export function plugInHost(host: NetworkNamespace): NetworkNamespace {
  const outside = newNetwork(-1, host.owner as UserNamespace);
  const near = addLink(host, { kind: 'veth', name: 'eth0' });
  const far = addLink(outside, { kind: 'veth', name: 'eth0' });
  join(near, far);
  for (const link of [near, far, linkNamed(host, 'lo'), linkNamed(outside, 'lo')]) switchOn(link as Link);
  for (const family of ['four', 'six'] as const) {
    const prefix = family === 'four' ? 24 : 64;
    give(near, HOST[family], prefix);
    give(far, ROUTER[family], prefix);
    give(linkNamed(outside, 'lo') as Link, FAR_AWAY[family], family === 'four' ? 32 : 128);
    host.routes.push({
      ...(family === 'four'
        ? { family: AF_INET, destination: '0.0.0.0', metric: 0 }
        : { family: AF_INET6, destination: '::', metric: 1024 }),
      ...{ prefix: 0, gateway: ROUTER[family], link: near, protocol: 3, scope: 0, source: null },
    });
  }
  return outside;
}

function give(link: Link, local: string, prefix: number): void {
  const address = { local, prefix, scope: 0, broadcast: null, secondary: false };
  link.addresses.push(address);
  routeTo(link, address);
}
