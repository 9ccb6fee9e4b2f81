import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inWords } from 'shared-native';
import { asShell, type Deed } from 'step-04';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Network, type Options, parsePublish, plan, read } from '../src/index.ts';
import { defaultIn, defineNetwork } from '../src/networks.ts';
import { unlessImpossible } from '../src/prepare.ts';
import { networkTable, ownAddressesOnly } from '../src/rules.ts';
import { network } from './networks.ts';

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(join(tmpdir(), 'boxstep-plan-'));
  for (const network of [lan, back, dual, closed]) defineNetwork(() => network);
});
afterAll(() => rmSync(rootfs, { recursive: true }));

const lan = network('lan', ['172.30.0.0/16', '172.30.0.1']);
const back = network('back', ['10.9.0.0/24', '10.9.0.1']);
const dual = network('dual', ['172.30.0.0/16', '172.30.0.1'], ['fd00:9::/64', 'fd00:9::1']);
const closed: Network = { ...back, name: 'a-closed', bridge: 'br-closed', internal: true };

type Flags = Parameters<typeof read>[0];
const planned = (flags: Flags = {}) => plan(read({ name: 'web', ...flags }, [rootfs, 'true']) as Options);
const on = (...networks: string[]) => planned({ network: networks.map((network) => ({ network, aliases: [] })) });
const told = ({ program }: ReturnType<typeof plan>) =>
  program.setup.filter(({ name }) => name === 'sendto').map((call) => inWords(call).replace('tell the kernel: ', ''));
const deeds = ({ actions }: ReturnType<typeof plan>, when: 'before' | 'adopt', of = 'ip ') =>
  actions
    .filter((action) => action.when === when)
    .flatMap((action) => action.do.map((deed: Deed) => asShell(deed)))
    .filter((line) => line.startsWith(of));

describe('a container in a network', () => {
  test('is born into a network namespace, and sets up its end of the cable', () => {
    expect(on('lan').namespaces).toContain('net');
    expect(told(on('lan'))).toEqual([
      'ip link set lo up',
      'ip link set eth0 up',
      'ip addr replace 172.30.0.2/16 dev eth0',
      'ip route add default via 172.30.0.1 dev eth0',
    ]);
  });

  test('is plugged into a bridge that is there', () => {
    expect(deeds(on('lan'), 'before')).toEqual([
      'ip link add br-lan address 02:42:ac:1e:00:01 type bridge',
      'ip addr replace 172.30.0.1/16 dev br-lan',
      'ip link set br-lan up',
    ]);
    expect(deeds(on('lan'), 'adopt')).toEqual([
      expect.stringMatching(
        /^ip link add (veth\w{7}) index \d+ master br-lan up type veth peer name eth0 index 16 address 02:42:ac:1e:00:02 netns \$pid$/,
      ),
    ]);
  });

  test('in two has two interfaces, and the way out by the first in name', () => {
    expect(told(on('lan', 'back'))).toEqual([
      'ip link set lo up',
      'ip link set eth0 up',
      'ip addr replace 172.30.0.2/16 dev eth0',
      'ip link set eth1 up',
      'ip addr replace 10.9.0.2/24 dev eth1',
      'ip route add default via 10.9.0.1 dev eth1',
    ]);
  });

  test.each([
    [0, 'eth1'],
    [1, 'eth0'],
  ])('whose interface %i is called %s, as another would be: that one has another name', (chosen, name) => {
    const driverOpts = { 'com.docker.network.endpoint.ifname': name };
    const networks = ['back', 'lan', 'dual'].map((network, nth) => ({
      ...{ network, aliases: [] },
      ...(nth === chosen && { driverOpts }),
    }));
    const up = told(planned({ network: networks })).filter((line) => line.endsWith('up'));
    expect(up.slice(1)).toEqual(['eth1', 'eth0', 'eth2'].map((one) => `ip link set ${one} up`));
  });

  test('has the way out by the network with the highest priority, and never by one that is internal', () => {
    const networks = [
      { network: 'lan', aliases: [], gwPriority: 1 },
      { network: 'back', aliases: [] },
    ];
    expect(told(planned({ network: networks })).filter((line) => line.includes('default'))).toEqual([
      'ip route add default via 172.30.0.1 dev eth0',
    ]);
    expect(told(on('a-closed', 'lan')).at(-1)).toBe('ip route add default via 172.30.0.1 dev eth1');
    expect(told(on('a-closed')).at(-1)).toBe('ip addr replace 10.9.0.2/24 dev eth0');
  });

  test('of IPv4 and IPv6 has an address and a way out of each', () => {
    expect(told(on('dual')).slice(2)).toEqual([
      'ip addr replace 172.30.0.2/16 dev eth0',
      'ip -6 addr replace fd00:9::2/64 dev eth0 nodad',
      'ip route add default via 172.30.0.1 dev eth0',
      'ip -6 route add default via fd00:9::1 dev eth0',
    ]);
    expect(deeds(on('dual'), 'before', 'echo 1 > /proc/sys')).toEqual([
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
      'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding',
    ]);
  });

  test('has the address and the MAC address that were asked for', () => {
    const flag = [{ network: 'lan', aliases: [], ip: '172.30.7.7', mac: '02:00:00:00:00:01' }];
    expect(told(planned({ network: flag }))).toContain('ip addr replace 172.30.7.7/16 dev eth0');
    expect(deeds(planned({ network: flag }), 'adopt')[0]).toContain(' address 02:00:00:00:00:01 ');
  });

  test('that is not there is refused with what makes it', () => {
    expect(() => on('nosuch')).toThrow(
      'network nosuch not found: "network ls" lists those there are, "network create nosuch" makes it',
    );
    expect(() => on('../../etc/passwd')).toThrow('not found');
  });
});

test('"none" is a network namespace in which there is only lo', () => {
  expect(on('none').namespaces).toContain('net');
  expect(told(on('none'))).toEqual(['ip link set lo up']);
  expect([...deeds(on('none'), 'before'), ...deeds(on('none'), 'adopt'), ...deeds(on('none'), 'adopt', 'nft')]).toEqual(
    [],
  );
});

test('"host" is the network that the host has', () => {
  expect(on('host').namespaces).not.toContain('net');
  expect(told(on('host'))).toEqual([]);
});

describe('the rules of a network', () => {
  test('let out under the host’s address, in what was asked for, and nothing to the host’s loopback', () => {
    expect(networkTable(dual).chains).toEqual({
      loopback: ['type filter hook prerouting priority -300', 'iifname "br-dual" ip daddr 127.0.0.0/8 drop'],
      forward: [
        'type filter hook forward priority 0',
        'iifname "br-dual" oifname "br-dual" accept',
        'oifname "br-dual" ct state established,related accept',
        'oifname "br-dual" ct status dnat accept',
        'oifname "br-dual" drop',
      ],
      postrouting: [
        'type nat hook postrouting priority 100',
        'ip saddr 172.30.0.0/16 oifname != "br-dual" masquerade',
        'ip6 saddr fd00:9::/64 oifname != "br-dual" masquerade',
        'ip saddr 127.0.0.0/8 oifname "br-dual" ct status dnat masquerade',
        'ip saddr 172.30.0.0/16 oifname "br-dual" ct status dnat masquerade',
        'ip6 saddr fd00:9::/64 oifname "br-dual" ct status dnat masquerade',
      ],
    });
  });

  test('let nothing out of one that is internal, and to the host only what is for its address there', () => {
    const { forward, input, postrouting } = networkTable(closed).chains;
    expect(forward?.slice(1)).toEqual([
      'iifname "br-closed" oifname "br-closed" accept',
      'iifname "br-closed" drop',
      'oifname "br-closed" drop',
    ]);
    expect(input?.slice(1)).toEqual([
      'iifname "br-closed" ip daddr 10.9.0.1 accept',
      'iifname "br-closed" ip6 daddr { fe80::/10, ff00::/8 } accept',
      'iifname "br-closed" drop',
    ]);
    expect(postrouting?.join()).not.toContain('!=');
  });

  test('of one whose containers don’t reach one another let the host lead no packet to them, either', () => {
    const among = (options: Record<string, string>) => {
      const table = networkTable({ ...defaultIn('10.1.0.0/24'), bridge: 'br-apart', options });
      return table.chains.forward?.includes('iifname "br-apart" oifname "br-apart" accept');
    };
    expect([among({}), among({ 'com.docker.network.bridge.enable_icc': 'false' })]).toEqual([true, false]);
  });

  test('of a cable let out what is from the container’s own addresses', () => {
    const endpoint = {
      veth: { name: 'veth1', index: 1 },
      mac: '02:42:ac:1e:00:02',
      addresses: [
        { address: '172.30.0.2', prefix: 16, gateway: '172.30.0.1' },
        { address: 'fd00:9::2', prefix: 64, gateway: 'fd00:9::1' },
      ],
    };
    const rules = ownAddressesOnly(endpoint as never);
    expect(rules).toEqual([
      'type filter hook ingress device "veth1" priority 0; policy drop',
      'ether saddr != 02:42:ac:1e:00:02 drop',
      'arp saddr ether 02:42:ac:1e:00:02 arp saddr ip 172.30.0.2 accept',
      'ip saddr 172.30.0.2 accept',
      'icmpv6 type { nd-router-advert, nd-redirect } drop',
      'icmpv6 type nd-neighbor-advert @th,64,128 != 0xfd000009000000000000000000000002 @th,64,128 != 0xfe800000000000000042acfffe1e0002 drop',
      'ip6 saddr { fd00:9::2, fe80::42:acff:fe1e:2 } accept',
    ]);
  });
});

describe('where there are no nftables', () => {
  const missing = () => {
    throw new Error('nftables is not installed: apt-get install nftables');
  };
  const prepared = (flags: Flags) => {
    const said: string[] = [];
    const options = unlessImpossible(
      read({ name: 'web', ...flags }, [rootfs]) as Options,
      (line) => said.push(line),
      missing,
    );
    return { network: options.networks[0]?.network, said };
  };

  test('a container that asks for no network has none, and it is said why', () => {
    expect(prepared({})).toEqual({
      network: 'none',
      said: [
        'this container has no network, as with --network none: nftables is not installed: apt-get install nftables',
      ],
    });
  });

  test('one that asks for a network or a port keeps to it', () => {
    expect(prepared({ network: [{ network: 'lan', aliases: [] }] })).toEqual({ network: 'lan', said: [] });
    expect(prepared({ publish: parsePublish('8080:80') })).toEqual({ network: 'bridge', said: [] });
    expect(prepared({ network: [{ network: 'host', aliases: [] }] })).toEqual({ network: 'host', said: [] });
  });
});
