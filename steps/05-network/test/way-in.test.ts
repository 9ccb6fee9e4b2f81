import { group, seeded, task } from 'grader';
import { HOST } from 'shared-native/model';
import { expect, test } from 'vitest';
import { ownEnd } from '../src/cable.ts';
import type { PublishedPort } from '../src/network.ts';
import { publishedTable } from '../src/published.ts';
import { endpoint, sent, settled, town } from './judge.ts';
import { network } from './networks.ts';

task(
  4,
  {
    points: 20,
    hints: [
      'What comes from elsewhere is translated at the hook prerouting. What the host itself sends never comes by there: its hook is output. Both have the same rules.',
      'A rule: what it is for (`fib daddr type local` is any address of this host, `ip daddr 192.0.2.1` is one), `tcp dport 8080`, and `dnat ip to 172.30.0.2:80`.',
      'In a table of the family inet a rule for IPv4 says `meta nfproto ipv4` and `dnat ip`, one for IPv6 `dnat ip6`, with the address in brackets. No packet changes from one to the other.',
    ],
  },
  () => {
    const dual = network('dual', ['172.30.0.0/16', '172.30.0.1'], ['fd00:9::/64', 'fd00:9::1']);
    const four = network('four', ['10.7.0.0/24', '10.7.0.1']);
    const port = (hostPort: number, containerPort: number, more: Partial<PublishedPort> = {}): PublishedPort => ({
      ...{ hostIp: '', hostPort, containerPort, protocol: 'tcp', ...more },
    });
    function published(ports: readonly PublishedPort[], on = dual, number = 2) {
      const one = endpoint(on, number);
      const table = publishedTable('ports', ports, one);
      const place = town([one], [table]);
      settled(place, ownEnd([one]));
      return { ...place, addresses: one.addresses.map(({ address }) => address) };
    }
    const outside = ({ state }: ReturnType<typeof published>) => state.outside;

    group('from elsewhere', 8, () => {
      test('a port of the host’s leads to the container, by IPv4 and by IPv6', () => {
        const any = seeded('task 4');
        const [from, to] = [any.integer(1025, 60_000), any.integer(1, 1024)];
        const place = published([port(from, to), port(9, 99)], dual, any.integer(2, 70));
        const { addresses } = place;
        for (const [nth, address] of [HOST.four, HOST.six].entries()) {
          const got = sent(place, { in: outside(place), to: address, port: from });
          expect(got, `${address} port ${from} leads to port ${to}`).toMatchObject({ at: 'container', answered: true });
          expect(got.packet).toMatchObject({
            destination: addresses[nth],
            port: to,
            source: nth === 0 ? '192.168.1.1' : 'fd00:1::1',
          });
          expect(sent(place, { in: outside(place), to: address, port: 9 }).packet?.port).toBe(99);
        }
      });

      test('a port of its protocol, and no other', () => {
        const place = published([
          port(53, 5353, { protocol: 'udp' }),
          port(80, 8080),
          port(81, 8081, { protocol: 'sctp' }),
        ]);
        const at = (protocol: 'tcp' | 'udp' | 'sctp', number: number) =>
          sent(place, { in: outside(place), to: HOST.four, port: number, protocol });
        expect(at('udp', 53)).toMatchObject({ at: 'container', packet: { port: 5353 } });
        expect(at('tcp', 80)).toMatchObject({ at: 'container', packet: { port: 8080 } });
        expect(at('sctp', 81)).toMatchObject({ at: 'container', packet: { port: 8081 } });
        for (const [protocol, number] of [
          ['tcp', 53],
          ['udp', 80],
          ['tcp', 81],
          ['tcp', 79],
        ] as const)
          expect(at(protocol, number), `${protocol} ${number} is the host’s own`).toMatchObject({
            at: 'host',
            packet: { port: number },
          });
      });

      test('and no port of anybody else’s', () => {
        const place = published([port(80, 8080)]);
        expect(sent(place, { in: outside(place), to: HOST.four, port: 80 }).at).toBe('container');
        const far = sent(place, { to: '203.0.113.7', port: 80 });
        expect(far, 'port 80 of the world is not port 80 of this host').toMatchObject({
          at: 'outside',
          packet: { port: 80 },
        });
      });
    });

    group('from the host itself', 5, () => {
      test('by any of its addresses, 127.0.0.1 among them', () => {
        const place = published([port(8080, 80)]);
        const { host } = place;
        for (const to of [HOST.four, HOST.six, '127.0.0.1', '172.30.0.1']) {
          const got = sent(place, { in: host, to, port: 8080 });
          expect(got, `${to}: the host’s own packets never pass prerouting`).toMatchObject({
            at: 'container',
            packet: { port: 80 },
            answered: true,
          });
        }
        expect(sent(place, { in: host, to: '203.0.113.7', port: 8080 }).at).toBe('outside');
      });

      test('::1 stays the host’s own, from where no answer would come back', () => {
        const place = published([port(8080, 80)]);
        const { host } = place;
        expect(sent(place, { in: host, to: HOST.six, port: 8080 }).packet?.port).toBe(80);
        expect(sent(place, { in: host, to: '::1', port: 8080 })).toMatchObject({ at: 'host', packet: { port: 8080 } });
      });
    });

    group('from containers', 3, () => {
      test('a neighbour, and the container itself, get there by the host’s address', () => {
        const place = published([port(8080, 80)]);
        const { container, neighbour } = place;
        for (const from of [neighbour, container]) {
          const got = sent(place, { in: from, to: HOST.four, port: 8080 });
          expect(got).toMatchObject({ at: 'container', packet: { port: 80 }, answered: true });
        }
      });
    });

    group('of one address of the host’s', 4, () => {
      test('and no other', () => {
        const place = published([port(8080, 80, { hostIp: HOST.four }), port(8081, 81, { hostIp: HOST.six })]);
        const at = (to: string, number: number) => sent(place, { in: outside(place), to, port: number });
        expect(at(HOST.four, 8080)).toMatchObject({ at: 'container', packet: { port: 80 } });
        expect(at(HOST.six, 8081)).toMatchObject({ at: 'container', packet: { port: 81 } });
        expect(at(HOST.six, 8080)).toMatchObject({ at: 'host', packet: { port: 8080 } });
        expect(at(HOST.four, 8081)).toMatchObject({ at: 'host', packet: { port: 8081 } });
        expect(sent(place, { in: place.host, to: '127.0.0.1', port: 8080 }).at).toBe('host');
      });

      test('0.0.0.0 and :: are all of their version, and a container without IPv6 has none of it', () => {
        const all = published([port(1, 11, { hostIp: '0.0.0.0' }), port(2, 22, { hostIp: '::' })]);
        const at = (place: ReturnType<typeof published>, to: string, number: number) =>
          sent(place, { in: outside(place), to, port: number }).packet?.port;
        expect([at(all, HOST.four, 1), at(all, HOST.six, 1)]).toEqual([11, 1]);
        expect([at(all, HOST.four, 2), at(all, HOST.six, 2)]).toEqual([2, 22]);
        const alone = published([port(8080, 80), port(8081, 81, { hostIp: '::' })], four);
        expect([at(alone, HOST.four, 8080), at(alone, HOST.six, 8080), at(alone, HOST.six, 8081)]).toEqual([
          80, 8080, 8081,
        ]);
      });
    });
  },
);
