import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultRootfsPath, state } from 'step-04';
import { beforeEach, expect, test } from 'vitest';
import { leftovers, says, WAIT } from '../../../test/boxstep.ts';
import { type Host, withHost } from '../../../test/host.ts';
import { inCommonDuring } from '../../../test/in-common.ts';
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

const kill = async (container: ReturnType<Host['boxstep']>) => {
  container.kill('SIGKILL');
  const { signal, exitCode, all } = await container;
  expect(signal ?? exitCode, `${all}`).toBeOneOf(['SIGKILL', 0]);
};

/** When those are killed that begin at once. The first get the addresses of the third and the fourth before, and undo those. */
const WHEN = ['later', 'later', 'while it lives', 'while it lives', 'as it ends', 'some time'] as const;

/** What the kernel has of networks, and the files: nothing but lo, and the networks themselves. */
const remains = async () => [
  ...(await host.sh('ip -br link; nft list tables')).split('\n').filter((line) => !/^lo |^$/.test(line)),
  ...leftovers(WORD),
  ...readdirSync(join(state().data, 'networks')).filter((file) => !/^(bridge|lan)\.json$/.test(file)),
];

test('of runs that are killed at random moments none takes what is another’s, and one prune leaves nothing', {
  tags: ['once'],
}, async () => {
  const run = (n: number, script: string) => {
    const flags = n % 2 ? ['--network', 'lan', '--network-alias', 'alias'] : ['-p', `${20_000 + n}:80`];
    return host.boxstep('5', 'run', '--name', `${WORD}-${n}`, ...flags, defaultRootfsPath(), 'sh', '-c', script, WORD);
  };
  /** @returns what kills it, if it is to live until others have begun after it */
  const start = async (n: number): Promise<(() => Promise<unknown>) | undefined> => {
    const when = WHEN[n % WHEN.length];
    const container = run(n, when === 'as it ends' || when === 'some time' ? 'echo up' : 'echo up; sleep 1000');
    if (when !== 'some time') await says(container);
    if (when === 'later') return () => kill(container);
    await sleep(Math.random() * (when === 'some time' ? 500 : 60) * Math.min(5, slowness()));
    return void (await kill(container));
  };
  const storm = async () => {
    let before: (() => Promise<unknown>)[] = [];
    for (let n = 0; n < tries(300); n += WHEN.length) {
      const kills = await Promise.all(WHEN.map((_, more) => start(n + more)));
      await Promise.all(before.map((end) => end()));
      before = kills.filter((one) => one !== undefined);
    }
    await Promise.all(before.map((end) => end()));
  };
  expect(await inCommonDuring(storm(), 100)).toEqual([]);
  await expect.poll(() => processesWith(WORD)).toEqual([]);
  expect(await host.boxstep('5', 'prune')).toMatchObject({ exitCode: 0, stderr: '' });
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
