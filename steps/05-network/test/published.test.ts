import { asShell } from 'step-04';
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../src/network.ts';
import { ownRules } from '../src/own-rules.ts';
import { parsePublish, plannedPorts } from '../src/publish.ts';
import { publishedTable } from '../src/published.ts';
import { tableOf } from '../src/tables.ts';

const at = (...addresses: string[]) =>
  ({ addresses: addresses.map((address) => ({ address })) }) as unknown as Endpoint;
const rules = (ports: string, endpoint: Endpoint) =>
  publishedTable('box_web', parsePublish(ports), endpoint).chains.prerouting?.slice(1);

describe('the rules of a published port', () => {
  test('what comes from elsewhere and what the host sends itself are translated alike', () => {
    const { chains, ...table } = publishedTable('box_web', parsePublish('8080:80'), at('172.17.0.2'));
    expect(table).toEqual({ family: 'inet', name: 'box_web' });
    const rule = 'meta nfproto ipv4 fib daddr type local tcp dport 8080 dnat ip to 172.17.0.2:80';
    expect(chains).toEqual({
      prerouting: ['type nat hook prerouting priority -100', rule],
      output: ['type nat hook output priority -100', rule],
    });
  });

  test.each([
    ['127.0.0.1:8080:80/udp', 'ip daddr 127.0.0.1 udp dport 8080 dnat ip to 172.17.0.2:80'],
    ['0.0.0.0:8080:80', 'meta nfproto ipv4 fib daddr type local tcp dport 8080 dnat ip to 172.17.0.2:80'],
    ['[::]:8080:80', 'ip6 daddr != ::1 fib daddr type local tcp dport 8080 dnat ip6 to [fd00::2]:80'],
    ['[2001:db8::1]:8080:80/sctp', 'ip6 daddr 2001:db8::1 sctp dport 8080 dnat ip6 to [fd00::2]:80'],
  ])('%s is one of one version of IP: %s', (port, rule) => {
    expect(rules(port, at('172.17.0.2', 'fd00::2'))).toEqual([rule]);
  });

  test('all addresses of the host lead to each that the container has', () => {
    expect(rules('8080:80', at('172.17.0.2', 'fd00::2'))).toHaveLength(2);
    expect(rules('8080:80', at('fd00::2'))).toHaveLength(1);
    expect(rules('8080-8082:80-82', at('172.17.0.2'))?.map((rule) => rule.replace(/.* dport /, ''))).toEqual(
      [0, 1, 2].map((nth) => `${8080 + nth} dnat ip to 172.17.0.2:${80 + nth}`),
    );
  });
});

test('a container of the longest name has tables of a name that nftables takes, and no other has it', () => {
  const [one, other] = ['a', 'b'].map((last) => tableOf('n'.repeat(254) + last));
  expect(one).not.toBe(other);
  expect(Math.max(...[one, other].map((name) => name?.length ?? 0))).toBeLessThanOrEqual(255);
  expect(tableOf('web')).toMatch(/_web$/);
});

describe('the plan', () => {
  const endpoint = {
    ...at('172.17.0.2'),
    ...{ network: { bridge: 'br0' }, veth: { name: 'veth1', index: 9 }, mac: '02:42:ac:11:00:02', isDefault: true },
  } as unknown as Endpoint;
  const done = (ports: string, ...endpoints: Endpoint[]) =>
    ownRules('box_web', endpoints, plannedPorts(ports.split(' ').filter(Boolean).flatMap(parsePublish)));
  const shown = (ports: string, ...endpoints: Endpoint[]) =>
    done(ports, ...endpoints).flatMap((action) => action.do.map(asShell));

  test('makes and removes both of its tables at once', () => {
    const [, action] = done('8080:80', endpoint);
    expect(action?.do.map(asShell).join()).toMatch(/create table netdev box_web.*create table inet box_web/s);
    expect(action?.undo.map(asShell)).toEqual([
      "nft 'add table netdev box_web; delete table netdev box_web; add table inet box_web; delete table inet box_web'",
    ]);
  });

  test('lets packets from 127.0.0.1 to the bridge, and back to where they came from', () => {
    expect(shown('8080:80', endpoint).slice(0, 2)).toEqual([
      'echo 1 > /proc/sys/net/ipv4/conf/br0/route_localnet',
      'ip link set veth1 type bridge_slave hairpin on',
    ]);
    expect(shown('', endpoint).join()).not.toMatch(/localnet|hairpin|dnat/);
  });

  test('shows the first of the ports that could be chosen', () => {
    expect(shown('80 9000-9009:81', endpoint).join()).toMatch(/dport 32768 .*:80.*dport 9000 .*:81/s);
  });

  test('publishes nothing where no network leads out', () => {
    expect(shown('8080:80', { ...endpoint, isDefault: false }).join()).not.toMatch('dnat');
    expect(shown('8080:80')).toEqual([]);
  });
});
