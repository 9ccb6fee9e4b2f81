import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bareMachine } from './bare-machine.ts';
import { leftovers } from './boxstep.ts';
import { CantDownload } from './cache.ts';
import { withoutDebian } from './debian.ts';
import type { FreshMachine } from './fresh-machine.ts';
import { lacks, needs } from './needs.ts';

// What the README asks of a new user: Debian 12 in a container of ours, with Node 20 and npm, and nothing else.

const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'boxstep-bare-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  expect(leftovers('boxstep-bare')).toEqual([]);
});
beforeEach(needs('root'));

const CLONE = 'cp -a /boxstep ~ && cd ~/boxstep && ';
describe.each([
  { who: 'root', command: ['sh', '-c'], sudo: '' },
  { who: 'a user with sudo', command: ['su', 'student', '-c'], sudo: 'sudo ' },
])('on a bare machine, as $who', ({ who, command, sudo }) => {
  let machine: FreshMachine;
  let unreachable = withoutDebian();
  const root = join(folder, who.replaceAll(' ', '-'));
  const type = (line: string) => machine.run(...command, line);

  beforeAll(async () => {
    if (unreachable || process.geteuid?.() !== 0) return;
    try {
      machine = await bareMachine(root);
    } catch (error) {
      if (!(error instanceof CantDownload)) throw error;
      unreachable = error.message;
    }
  }, 10 * MINUTE);
  beforeEach((context) => {
    if (unreachable !== null) lacks('download', unreachable)(context);
  });

  test(
    'npm start sets the course up, and shows each step and a web server',
    async () => {
      const { all, exitCode } = await type(`${CLONE} ${sudo}npm start && ${sudo}./boxstep rm -f tour`);
      expect(exitCode, all).toBe(0);
      expect(all).toContain('packages installed');
      expect(all).toMatch(/^ {4}I am PID 1 on web$/m);
      expect(all).toMatch(/^ {4}http:\/\/127\.0\.0\.1:\d+, until you type/m);
      expect(all).not.toContain('not found');
    },
    10 * MINUTE,
  );

  test(
    'npm test fails nowhere, downloads no other kernel, and says what brings the rest',
    async () => {
      const { all, exitCode } = await type(`cd ~/boxstep && ${sudo}npm test`);
      expect(exitCode, all).toBe(0);
      expect(all).toMatch(/^\d{4,} passed, 0 failed, \d+ skipped$/m);
      expect(all).toContain(`All of it: ${sudo}scripts/provision.sh --tests && ${sudo}npm run test:all`);
      expect(existsSync(join(root, 'var/cache/boxstep/vm'))).toBe(false);
    },
    30 * MINUTE,
  );
});
