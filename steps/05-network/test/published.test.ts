import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../src/network.ts';
import { parsePublish } from '../src/publish.ts';
import { publishedTable } from '../src/published.ts';

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
