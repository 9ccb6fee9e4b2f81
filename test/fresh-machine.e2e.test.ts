import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { leftovers, REPOSITORY } from './boxstep.ts';
import { CantDownload } from './cache.ts';
import { withoutDebian } from './debian.ts';
import { type FreshMachine, freshMachine } from './fresh-machine.ts';
import { lacks, needs } from './needs.ts';

// What the Vagrantfile, Lima and the dev container do on their machines, done on a Debian in a container of ours.

const folder = mkdtempSync(join(tmpdir(), 'boxstep-fresh-'));
const isRoot = process.geteuid?.() === 0;
let machine: FreshMachine;
let unreachable = withoutDebian();

beforeAll(async () => {
  if (unreachable || !isRoot) return;
  try {
    machine = await freshMachine(join(folder, 'machine'));
  } catch (error) {
    if (!(error instanceof CantDownload)) throw error;
    unreachable = error.message;
  }
}, 600_000);
beforeEach(needs('root'));
beforeEach((context) => {
  if (unreachable !== null) lacks('download', unreachable)(context);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  expect(leftovers('boxstep-fresh')).toEqual([]);
});

const config = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')).config;
const node = JSON.parse(readFileSync(join(REPOSITORY, 'node_modules/node/package.json'), 'utf8')).version;

test('scripts/provision.sh installs all that the course wants, Node in the version of the lock file', async () => {
  const { all, exitCode } = await machine.run('sh', '/boxstep/scripts/provision.sh');
  expect(exitCode, all).toBe(0);
  expect(all).toMatch(/^provision: done/m);
  const versions = await machine.run('sh', '-c', 'node --version; npm --version; pnpm --version');
  expect(versions.stdout.split('\n')).toEqual([`v${node}`, config.npm, config.pnpm]);
  const programs = await machine.run(
    'sh',
    '-c',
    'for p in git busybox ip nft newuidmap; do command -v $p || echo no $p; done',
  );
  expect(programs.stdout).not.toContain('no ');
}, 600_000);

test('a second time, it finds nothing to do', async () => {
  const { all } = await machine.run('sh', '/boxstep/scripts/provision.sh');
  expect(all).toBe('provision: done; now: sudo npm start');
});

test('after it, a user sets the course up by typing its command', async () => {
  await machine.run('sh', '-c', 'useradd --create-home student && chown -R student: /boxstep');
  const { all, exitCode } = await machine.run(
    'su',
    'student',
    '-c',
    'cd /boxstep && npm run setup && ./boxstep doctor',
  );
  expect(exitCode, all).toBe(0);
  expect(all).toContain('packages installed');
  expect(all).toMatch(/^ok +koffi +loads$/m);
}, 600_000);

test('Vagrant finds the Vagrantfile valid', async () => {
  const installed = await machine.run('sh', '-c', 'apt-get install -y -qq --no-install-recommends vagrant');
  expect(installed.exitCode, installed.all).toBe(0);
  const { all } = await machine.run('sh', '-c', 'cd /boxstep && vagrant validate --ignore-provider');
  expect(all).toContain('Vagrantfile validated successfully.');
}, 600_000);
