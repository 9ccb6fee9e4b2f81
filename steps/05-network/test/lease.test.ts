import { readdirSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { inRoot } from '../../../test/boxstep.ts';
import { lease, release, whileUnused } from '../src/lease.ts';
import type { Network } from '../src/network.ts';
import { defineNetwork, forgetNetwork, networkNamed } from '../src/networks.ts';
import { network } from './networks.ts';

const lan = network('lan', ['172.18.0.0/16', '172.18.0.1'], ['fd00:18::/64', 'fd00:18::1']);
beforeEach(() => {
  defineNetwork(() => lan); // a new file, on which nobody has a lock
});

const take = (wanted = {}) => lease(() => lan, wanted)[1];
const text = (addresses: ReturnType<typeof take>) => addresses.map(({ address }) => address).join(' ');

test('no address is given twice, and one that was given back is given again', () => {
  const [one, two, three] = [take(), take(), take()];
  expect([one, two, three].map(text)).toEqual([
    '172.18.0.2 fd00:18::2',
    '172.18.0.3 fd00:18::3',
    '172.18.0.4 fd00:18::4',
  ]);
  release(two);
  release(two); // once more does no harm
  const again = take();
  expect(text(again)).toBe('172.18.0.3 fd00:18::3');
  for (const addresses of [one, three, again]) release(addresses);
});

test('addresses from the journal of a dead container, which are leased anew, are not given back', () => {
  const one = take();
  release(structuredClone(one));
  const two = take();
  expect(text(two)).toBe('172.18.0.3 fd00:18::3');
  for (const addresses of [one, two]) release(addresses);
});

test('what was taken before the one that could not be is free again', () => {
  const one = take({ ip6: 'fd00:18::9' });
  expect(() => take({ ip: '172.18.0.9', ip6: 'fd00:18::9' })).toThrow('fd00:18::9 is in use');
  const two = take({ ip: '172.18.0.9' });
  expect(text(two)).toBe('172.18.0.9 fd00:18::2');
  for (const addresses of [one, two]) release(addresses);
});

test('something is done to a network only while nobody uses it', () => {
  const [one, two] = [take(), take()];
  let done = 0;
  const doing = () => {
    done += 1;
  };
  expect(whileUnused('lan', doing)).toBe(false);
  release(one);
  expect(whileUnused('lan', doing)).toBe(false);
  release(two);
  expect(done).toBe(0);
  expect(whileUnused('lan', doing)).toBe(true);
  expect(done).toBe(1);
});

test('nothing is left of a lease but the network itself', () => {
  release(take());
  expect(readdirSync(inRoot(''), { recursive: true })).toEqual(['lib', 'lib/networks', 'lib/networks/lan.json']);
});

test('a network that was removed just now, and made anew, is leased from as it is now', () => {
  const [, old] = lease(() => lan, {});
  forgetNetwork(lan);
  defineNetwork(() => ({ ...lan, subnets: [{ cidr: '10.7.0.0/24', gateway: '10.7.0.1' }] }));
  const [found, addresses] = lease(() => networkNamed('lan') as Network, {});
  expect(text(addresses)).toBe('10.7.0.2');
  expect(found.subnets).toHaveLength(1);
  release(addresses);
  release(old);
});

test('one that is gone is nobody’s', () => {
  forgetNetwork(lan);
  expect(() => lease(() => networkNamed('lan') ?? fail(), {})).toThrow('gone');
  expect(whileUnused('lan', () => {})).toBe(true);
});

function fail(): never {
  throw new Error('gone');
}
