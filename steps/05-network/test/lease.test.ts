import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lease, release, whileUnused } from '../src/lease.ts';
import type { Network } from '../src/network.ts';

let root: string;
const before = process.env.BOXSTEP_ROOT;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'boxstep-lease-'));
  process.env.BOXSTEP_ROOT = root;
});
afterEach(() => {
  process.env.BOXSTEP_ROOT = before;
  rmSync(root, { recursive: true });
});

const lan: Network = {
  name: 'lan',
  driver: 'bridge',
  bridge: 'br0',
  subnets: [
    { cidr: '172.18.0.0/16', gateway: '172.18.0.1' },
    { cidr: 'fd00:18::/64', gateway: 'fd00:18::1' },
  ],
  internal: false,
  created: '',
  options: {},
  labels: {},
};
const take = (wanted = {}) => lease('lan', wanted, () => lan)[1];
const text = (addresses: ReturnType<typeof take>) => addresses.map(({ address }) => address).join(' ');

test('no address is given twice, and one that was given back is given again', () => {
  const [one, two, three] = [take(), take(), take()];
  expect([one, two, three].map(text)).toEqual([
    '172.18.0.2 fd00:18::2',
    '172.18.0.3 fd00:18::3',
    '172.18.0.4 fd00:18::4',
  ]);
  release('lan', two);
  release('lan', two); // once more does no harm
  const again = take();
  expect(text(again)).toBe('172.18.0.3 fd00:18::3');
  for (const addresses of [one, three, again]) release('lan', addresses);
});

test('what was taken before the one that could not be is free again', () => {
  const one = take({ ip6: 'fd00:18::9' });
  expect(() => take({ ip: '172.18.0.9', ip6: 'fd00:18::9' })).toThrow('fd00:18::9 is in use');
  const two = take({ ip: '172.18.0.9' });
  expect(text(two)).toBe('172.18.0.9 fd00:18::2');
  for (const addresses of [one, two]) release('lan', addresses);
});

test('only a network that nobody uses is removed, and its file with it', () => {
  const file = join(root, 'run/.networks/lan');
  const [one, two] = [take(), take()];
  let removed = 0;
  const remove = () => {
    removed += 1;
  };
  expect(whileUnused('lan', remove)).toBe(false);
  release('lan', one);
  expect(whileUnused('lan', remove)).toBe(false);
  release('lan', two);
  expect(existsSync(file)).toBe(true);
  expect(whileUnused('lan', remove)).toBe(true);
  expect(existsSync(file)).toBe(false);
  expect(removed).toBe(1);
  release('lan', take());
});

test('a network that is gone is not leased from, and leaves no lock', () => {
  const find = () => {
    throw new Error('gone');
  };
  expect(() => lease('lan', {}, find)).toThrow('gone');
  expect(whileUnused('lan', () => {})).toBe(true);
});
