import { existsSync, mkdirSync } from 'node:fs';
import { openJournal, rmdirIfEmpty, undoAll } from 'step-10';
import { expect, test } from 'vitest';
import { inRoot } from '../../test/boxstep.ts';
import { leaving, succeed } from '../src/network/former.ts';

const network = {
  name: 'net',
  driver: 'bridge',
  bridge: 'br',
  subnets: [],
  created: '',
  options: {},
  labels: {},
} as const;
const endpoint = {
  network: { ...network, internal: false },
  device: { name: 'eth0', index: 16 },
  veth: { name: 'veth', index: 17 },
  mac: '',
  addresses: [{ address: '10.9.0.2', prefix: 24, gateway: '10.9.0.1' }],
  names: [],
  isDefault: true,
};

test('an earlier container that ended late made forget the one that had its address next', async () => {
  const left = inRoot('left-by-second');
  mkdirSync(left, { recursive: true });
  await succeed('first', [endpoint]);
  await succeed('second', [endpoint]);
  const journal = openJournal('second');
  journal?.record([rmdirIfEmpty(left)]);
  await undoAll(leaving('first', [endpoint]).undo);
  journal?.close(); // it is killed
  await succeed('third', [endpoint]);
  expect(existsSync(left)).toBe(false);
});
