import { group, seeded, task } from 'grader';
import { FAR_AWAY, HOST, packet } from 'shared-native/model';
import { expect, test } from 'vitest';
import { steppedOver, stopped } from '../../../test/judge.ts';
import { ownEnd } from '../src/cable.ts';
import { endpoint, sent, settled, town } from './judge.ts';
import { network } from './networks.ts';

task(
  3,
  {
    points: 20,
    hints: [
      'Each message is what one `ip` command does: link set up, addr add, route add default. `tell` makes calls of a list of them.',
      'A route to the gateway needs an address near it, and both need an interface that is up: that is the order.',
      'lo is down in a new network namespace, too. Only one endpoint has the default route; on others the gateway is a neighbour like any other.',
    ],
  },
  () => {
    const any = () => seeded('task 3');
    const lan = () => network('lan', ['172.30.0.0/16', '172.30.0.1']);
    const dual = () =>
      network(
        'dual',
        [`10.${any().integer(10, 99)}.7.0/24`, `10.${any().integer(10, 99)}.7.1`],
        ['fd00:9::/64', 'fd00:9::1'],
      );
    const back = () => network('back', ['192.168.77.0/26', '192.168.77.1']);
    /** One network; another with IPv6; two, of which the second has the way out. */
    const places = () => [
      [endpoint(lan(), 2)],
      [endpoint(dual(), any().integer(3, 70))],
      [endpoint(lan(), 9, 0, false), endpoint(back(), 5, 1, true)],
    ];
    const families = (address: string) => (address.includes(':') ? 'six' : 'four');

    function plugged(endpoints: ReturnType<typeof places>[number]) {
      const place = town(endpoints);
      const after = settled(place, ownEnd(endpoints));
      expect(
        stopped(after),
        'the kernel refuses a message: see the order, and which interface it names',
      ).toBeUndefined();
      return place;
    }

    group('it talks to its neighbours', 8, () => {
      test('at each of its addresses, on each of its networks', () => {
        for (const endpoints of places()) {
          const place = plugged(endpoints);
          const { host } = place;
          for (const { addresses } of endpoints) {
            for (const { address, gateway } of addresses) {
              const why = `${address} on the interface that is up, with the subnet’s prefix`;
              expect(sent(place, { to: gateway, port: 80 }), why).toMatchObject({
                at: 'host',
                packet: { source: address },
                answered: true,
              });
              expect(sent(place, { in: host, to: address, port: 80 }), why).toMatchObject({
                at: 'container',
                answered: true,
              });
            }
          }
          for (const { address } of endpoint(endpoints[0]?.network ?? lan(), 77).addresses)
            expect(
              sent(place, { to: address, port: 80 }),
              'who is in the subnet is reached without the gateway',
            ).toMatchObject({ at: 'neighbour', answered: true });
        }
      });

      test('and has no address but its own', () => {
        for (const endpoints of places()) {
          const { container } = plugged(endpoints);
          for (const { device, addresses } of endpoints) {
            const link = container.links.get(device.index);
            const all = link?.addresses.map(({ local, prefix }) => `${local}/${prefix}`);
            expect(all?.toSorted()).toEqual(addresses.map(({ address, prefix }) => `${address}/${prefix}`).toSorted());
          }
        }
      });
    });

    group('it finds the way out', 6, () => {
      test('by the network that has the default route, and by no other', () => {
        for (const endpoints of places()) {
          const place = plugged(endpoints);
          const { container } = place;
          const way = endpoints.find(({ isDefault }) => isDefault);
          for (const { address } of way?.addresses ?? []) {
            const far = sent(place, { to: FAR_AWAY[families(address)], port: 443 });
            expect(far, 'other networks are reached through the gateway').toMatchObject({
              at: 'outside',
              answered: true,
            });
            expect(sent(place, { to: HOST[families(address)], port: 80 })).toMatchObject({
              arrives: true,
              packet: { source: address },
            });
          }
          const out = container.routes.filter(({ prefix }) => prefix === 0);
          expect(out.map(({ link }) => link.index)).toEqual((way?.addresses ?? []).map(() => way?.device.index));
        }
      });

      test('without a default route there is none', () => {
        const closed = [endpoint(lan(), 3, 0, false)];
        const place = plugged(closed);
        expect(sent(place, { to: '172.30.0.1', port: 80 }).answered).toBe(true);
        expect(sent(place, { to: FAR_AWAY.four, port: 80 }).why).toMatch(/^ENETUNREACH/);
      });
    });

    group('and itself', 3, () => {
      test('by 127.0.0.1 and ::1, in any network, and in none', () => {
        for (const endpoints of [...places(), []]) {
          const place = plugged(endpoints);
          for (const to of ['127.0.0.1', '::1'])
            expect(sent(place, { to, port: 80 }), 'lo is down in a new network namespace').toMatchObject({
              at: 'container',
              answered: true,
            });
        }
      });
    });

    group('or it does not start', 3, () => {
      test('no message that the kernel refuses is passed over', () => {
        for (const endpoints of places()) {
          const run = (options = {}) => settled(town(endpoints), ownEnd(endpoints), options);
          expect(stopped(run())).toBeUndefined();
          const isWhole = (state: ReturnType<typeof run>['state']) => {
            expect(packet(state, { to: '127.0.0.1', port: 80 }).answered).toBe(true);
            for (const { gateway } of endpoints.flatMap(({ addresses }) => addresses))
              expect(packet(state, { to: gateway, port: 80 }).answered).toBe(true);
            expect(packet(state, { to: FAR_AWAY.four, port: 80 }).answered).toBe(true);
          };
          expect(steppedOver(ownEnd(endpoints), run, isWhole), 'a container without its network must not run').toEqual(
            [],
          );
        }
      });

      test('the kernel’s answer to a message is checked', () => {
        const one = endpoint(lan(), 2);
        const elsewhere = { ...one, device: { name: 'eth7', index: 99 } };
        expect(settled(town([one]), ownEnd([one])).end).toBe('done');
        expect(settled(town([one]), ownEnd([elsewhere])).end, 'an interface that isn’t there is an error').toBe(
          'failed',
        );
      });
    });
  },
);
