import type { Network } from '../src/network.ts';

/** A network, by its subnets: `['172.30.0.0/16', '172.30.0.1']`. */
export function network(name: string, ...subnets: readonly (readonly [cidr: string, gateway: string])[]): Network {
  const all = subnets.map(([cidr, gateway]) => ({ cidr, gateway }));
  return {
    name,
    driver: 'bridge',
    bridge: `br-${name}`,
    subnets: all,
    internal: false,
    created: '',
    options: {},
    labels: {},
  };
}
