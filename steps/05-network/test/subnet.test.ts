import { describe, expect, test } from 'vitest';
import { freeSubnet, hostRoutes, uniqueSubnet } from '../src/pools.ts';
import { addressAt, block, cidrOf, offsetIn, overlap, size } from '../src/subnet.ts';

describe('a subnet', () => {
  test.each([
    ['172.18.0.0/16', '172.18.0.0/16', 65_536n],
    ['172.18.5.9/16', '172.18.0.0/16', 65_536n],
    ['10.0.0.7/32', '10.0.0.7/32', 1n],
    ['0.0.0.0/0', '0.0.0.0/0', 2n ** 32n],
    ['fd00:1::5/64', 'fd00:1::/64', 2n ** 64n],
  ])('%s is %s, of %s addresses', (text, cidr, addresses) => {
    expect([cidrOf(block(text)), size(block(text))]).toEqual([cidr, addresses]);
  });

  test.each([
    '',
    '172.18.0.0',
    '172.18.0.0/',
    '172.18.0.0/33',
    '172.18.0.0/016',
    '172.18.0.0/-1',
    'fd00::/129',
    '1.2.3/8',
    '10.0.0.0/8/8',
  ])('%j is none', (text) => {
    expect(() => block(text)).toThrow(`Expected a subnet such as 172.18.0.0/16 or fd00:1::/64, got "${text}"`);
  });

  test('counts its addresses from 0', () => {
    expect(addressAt(block('172.18.0.0/16'), 258n)).toBe('172.18.1.2');
    expect(addressAt(block('fd00::/64'), 2n ** 63n)).toBe('fd00::8000:0:0:0');
    expect(offsetIn(block('172.18.0.0/16'), '172.18.1.2')).toBe(258n);
    expect(offsetIn(block('172.18.0.0/16'), '172.19.0.0')).toBeUndefined();
    expect(offsetIn(block('172.18.0.0/16'), '172.17.255.255')).toBeUndefined();
    expect(offsetIn(block('172.18.0.0/16'), 'fd00::1')).toBeUndefined();
    expect(offsetIn(block('172.18.0.0/16'), 'nonsense')).toBeUndefined();
  });

  test('overlaps with one that it holds or is held by, and with no other', () => {
    const overlaps = (one: string, other: string) => overlap(block(one), block(other));
    expect(overlaps('10.0.0.0/8', '10.5.0.0/16') && overlaps('10.5.0.0/16', '10.0.0.0/8')).toBe(true);
    expect(overlaps('10.5.0.0/16', '10.6.0.0/16')).toBe(false);
    expect(overlaps('0.0.0.0/0', '::/0')).toBe(false);
  });
});

describe('a subnet that nobody has', () => {
  test("is the first of docker's pools that no other network has and the host has no route to", () => {
    expect(freeSubnet([])).toBe('172.17.0.0/16');
    expect(freeSubnet(['172.17.0.0/16', '172.18.5.0/24', '10.0.0.0/8'].map(block))).toBe('172.19.0.0/16');
    expect(freeSubnet([block('172.16.0.0/12')])).toBe('192.168.0.0/20');
    expect(freeSubnet(['172.16.0.0/12', '192.168.0.0/20', '192.168.31.7/32'].map(block))).toBe('192.168.32.0/20');
  });

  test('is an error when all are taken', () => {
    expect(() => freeSubnet([block('0.0.0.0/0')])).toThrow('give one with --subnet');
  });

  test("of the host's routes all count but the default", () => {
    const table = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0A01A8C0\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n`;
    expect(hostRoutes(table).map((route) => [cidrOf(route), route.device])).toEqual([
      ['172.17.0.0/16', 'docker0'],
      ['192.168.1.10/32', 'tun0'],
    ]);
  });

  test('of IPv6 is one by chance', () => {
    expect(uniqueSubnet()).toMatch(/^fd[\da-f]{2}:[\da-f:]+::\/64$/);
    expect(uniqueSubnet()).not.toBe(uniqueSubnet());
  });
});
