import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRootfsPath, state } from 'step-04';
import { beforeEach, expect, test } from 'vitest';
import { leftovers, says, WAIT } from '../../../test/boxstep.ts';
import { type Host, withHost } from '../../../test/host.ts';
import { needs } from '../../../test/needs.ts';
import { processesWith } from '../../../test/processes.ts';
import { slowness, tries } from '../../../test/slowness.ts';
import { defineNetwork } from '../src/networks.ts';
import { network } from './networks.ts';

beforeEach(needs('root', 'nft', 'ip'));

const WORD = 'boxstep-cut-off';

let host: Host;
withHost((made) => {
  host = made;
  defineNetwork(() => network('lan', ['10.30.0.0/24', '10.30.0.1']));
});

/** What the kernel has of networks, and the files: nothing but lo, and the networks themselves. */
const remains = async () => [
  ...(await host.sh('ip -br link; nft list tables')).split('\n').filter((line) => !/^lo |^$/.test(line)),
  ...leftovers(WORD),
  ...readdirSync(join(state().data, 'networks')).filter((file) => !/^(bridge|lan)\.json$/.test(file)),
];

test('of runs that are killed at random moments of their start and their end, one prune leaves nothing', {
  tags: ['once'],
}, async () => {
  const runs = Array.from({ length: tries(300) }, (_, n) => n);
  const worker = async () => {
    for (let n = runs.pop(); n !== undefined; n = runs.pop()) {
      const flags = n % 2 ? ['--network', 'lan', '--network-alias', 'alias'] : ['-p', `${20_000 + n}:80`];
      const words = ['run', '--name', `${WORD}-${n}`, ...flags, defaultRootfsPath(), 'sh', '-c', 'echo up', WORD];
      const container = host.boxstep('5', ...words);
      if (n % 3 === 0) await says(container); // so it ends just now
      await sleep(Math.random() * (n % 3 === 0 ? 60 : 500) * Math.min(5, slowness()));
      container.kill('SIGKILL');
      const { signal, exitCode, all } = await container;
      expect(signal ?? exitCode, `${all}`).toBeOneOf(['SIGKILL', 0]);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  await expect.poll(() => processesWith(WORD)).toEqual([]);
  expect((await host.boxstep('5', 'prune')).exitCode).toBe(0);
  expect(await remains()).toEqual([]);
});

test('the next container has the address of one that was killed, for itself alone, and leaves nothing of it', {
  tags: ['once'],
}, async () => {
  const run = (name: string, script: string) => {
    const flags = ['--network', 'lan', '--ip', '10.30.0.9', '--name', `${WORD}-${name}`];
    return host.boxstep('5', 'run', ...flags, defaultRootfsPath(), 'sh', '-c', script, WORD);
  };
  const first = run('first', 'echo up; sleep 1000');
  await says(first);
  first.kill('SIGKILL');
  await first;
  expect(await remains()).not.toEqual([]);
  const next = run('next', `ip -4 -o addr show eth0 | grep -c 10.30.0.9; ${WAIT}`);
  expect(await says(next)).toMatch(/^1/);
  expect(await run('third', 'true')).toMatchObject({ exitCode: 125, stderr: /10.30.0.9 is in use/ });
  next.kill('SIGTERM');
  await next;
  expect(await remains()).toEqual([]);
});
