import { group, seeded, task } from 'grader';
import { expect, test } from 'vitest';
import { mayHave } from '../src/addresses.ts';

task(
  1,
  {
    points: 10,
    hints: [
      'Count the addresses of the subnet from 0: `block`, `offsetIn` and `size` (subnet.ts) do the arithmetic, for IPv4 and IPv6.',
      'Three can never be a container’s: number 0, the gateway’s, and of IPv4 the last. `offsetIn` gives undefined for what isn’t in the subnet.',
    ],
  },
  () => {
    const lan = { cidr: '172.30.0.0/16', gateway: '172.30.0.1' };
    const small = { cidr: '10.9.8.128/29', gateway: '10.9.8.134' };
    const six = { cidr: 'fd00:9::/64', gateway: 'fd00:9::1' };

    group('what a container may have', 4, () => {
      test.each([
        ['172.30.0.2', lan],
        ['172.30.0.255', lan],
        ['172.30.1.0', lan],
        ['172.30.255.254', lan],
        ['10.9.8.129', small],
        ['10.9.8.133', small],
        ['fd00:9::2', six],
        ['fd00:9::ffff:ffff:ffff:ffff', six],
        ['FD00:9:0:0::A', six],
      ])('%s', (address, subnet) => {
        expect(
          mayHave(address, subnet),
          'only the ends of the subnet itself are taken, and IPv6 has no broadcast',
        ).toBe(true);
      });
    });

    group('what means something else', 4, () => {
      test.each([
        ['172.30.0.0', lan, 'the first means the subnet'],
        ['172.30.255.255', lan, 'the last of IPv4 means all'],
        ['172.30.0.1', lan, 'this is the gateway’s'],
        ['10.9.8.128', small, 'the first means the subnet'],
        ['10.9.8.135', small, 'the last of IPv4 means all'],
        ['10.9.8.134', small, 'this is the gateway’s, which may be any'],
        ['fd00:9::', six, 'the first means the subnet'],
        ['fd00:9::1', six, 'this is the gateway’s'],
        ['fd00:9:0:0:0:0:0:1', six, 'an address can be written in several ways'],
      ])('%s', (address, subnet, why) => {
        expect(mayHave(address, subnet), why).toBe(false);
        expect(mayHave(subnet === six ? 'fd00:9::7' : subnet === lan ? '172.30.9.9' : '10.9.8.130', subnet)).toBe(true);
      });
    });

    group('what is not in the subnet', 2, () => {
      test.each([
        ['172.31.0.2', lan],
        ['172.29.255.254', lan],
        ['10.9.8.136', small],
        ['10.9.8.127', small],
        ['fd00:9:0:1::2', six],
        ['fd00:9::2', lan],
        ['172.30.0.2', six],
        ['nonsense', lan],
        ['', lan],
      ])('%s', (address, subnet) => {
        expect(mayHave(address, subnet)).toBe(false);
        expect(mayHave(subnet === six ? 'fd00:9::7' : subnet === lan ? '172.30.9.9' : '10.9.8.130', subnet)).toBe(true);
      });

      test('in a subnet of any size', () => {
        const any = seeded('task 1');
        const prefix = any.integer(17, 29);
        const last = 2 ** (32 - prefix) - 1;
        const at = (offset: number) => `10.20.${offset >> 8}.${offset & 255}`;
        const gateway = any.integer(1, last - 1);
        const subnet = { cidr: `10.20.0.0/${prefix}`, gateway: at(gateway) };
        const allowed = Array.from({ length: last + 2 }, (_, offset) => offset).filter((offset) =>
          mayHave(at(offset), subnet),
        );
        expect(allowed).toEqual(
          Array.from({ length: last - 1 }, (_, nth) => nth + 1).filter((offset) => offset !== gateway),
        );
      });
    });
  },
);
