import { describe, expect, test } from 'vitest';
import { takeAddresses } from '../src/addresses.ts';
import type { Network, Subnet } from '../src/network.ts';
import { network as named } from './networks.ts';

const four: Subnet = { cidr: '172.18.0.0/16', gateway: '172.18.0.1' };
const six: Subnet = { cidr: 'fd00:18::/64', gateway: 'fd00:18::1' };

const network = (...subnets: Subnet[]): Network => ({ ...named('lan'), subnets });

/** The addresses that are taken one after another, when these are taken already. */
function taken(net: Network, times: number, wanted = {}, before: bigint[] = []): string[] {
  const all = new Set(before.map(String));
  const take = (offset: bigint) => !all.has(String(offset)) && all.add(String(offset)) !== undefined;
  return Array.from({ length: times }, () => takeAddresses(net, wanted, take).map(({ address }) => address)).flat();
}

describe('an address', () => {
  test('is the first that nobody has, and neither the network itself nor the gateway', () => {
    expect(taken(network(four), 3)).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4']);
    expect(taken(network(four), 2, {}, [2n, 3n, 5n])).toEqual(['172.18.0.4', '172.18.0.6']);
    expect(taken(network({ ...four, gateway: '172.18.0.2' }), 2)).toEqual(['172.18.0.1', '172.18.0.3']);
  });

  test('comes with what the container must know of its subnet', () => {
    expect(takeAddresses(network({ ...six, gateway: 'fd00:18::ff' }), {}, () => true)).toEqual([
      { address: 'fd00:18::1', prefix: 64, gateway: 'fd00:18::ff' },
    ]);
  });

  test('is one of each subnet', () => {
    const numbers: string[] = [];
    const take = (offset: bigint, { bits }: { bits: number }) => numbers.push(`${bits}: ${offset}`) > 0;
    expect(takeAddresses(network(four, six), { ip6: 'fd00:18::1:2' }, take)).toMatchObject([
      { address: '172.18.0.2', prefix: 16 },
      { address: 'fd00:18::1:2', prefix: 64 },
    ]);
    expect(numbers).toEqual(['32: 2', `128: ${0x1_0002}`]);
  });

  test('comes from the range for those that nobody chose, and may be chosen outside of it', () => {
    const net = network({ ...four, ipRange: '172.18.5.0/30' });
    expect(taken(net, 4)).toEqual(['172.18.5.0', '172.18.5.1', '172.18.5.2', '172.18.5.3']);
    expect(() => taken(net, 5)).toThrow('network lan has no address of 172.18.5.0/30 left');
    expect(taken(net, 1, { ip: '172.18.9.9' })).toEqual(['172.18.9.9']);
  });

  test('the last one of an IPv4 subnet means all that are in it, so it is nobody’s', () => {
    const small = network({ cidr: '10.0.0.0/29', gateway: '10.0.0.1' });
    expect(taken(small, 5).at(-1)).toBe('10.0.0.6');
    expect(() => taken(small, 6)).toThrow('network lan has no address of 10.0.0.0/29 left');
    expect(taken(network({ cidr: 'fd00::/126', gateway: 'fd00::1' }), 2)).toEqual(['fd00::2', 'fd00::3']);
  });

  test('that somebody has is refused', () => {
    expect(() => taken(network(four), 2, { ip: '172.18.0.7' })).toThrow('172.18.0.7 is in use in network lan');
  });

  test.each(['172.18.0.0', '172.18.0.1', '172.18.255.255', '172.19.0.2'])('%s is no container’s', (ip) => {
    expect(() => taken(network(four), 1, { ip })).toThrow(`a container can't have the address ${ip} in network lan`);
  });
});
