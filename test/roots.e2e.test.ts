import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfsPath, findHierarchies, openJournal, parents, state } from 'step-01';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { boxstep, inRoot, REPOSITORY, says } from './boxstep.ts';
import { needs } from './needs.ts';
import { processesWith } from './processes.ts';
import { removingMade } from './roots/made.ts';
import { removeRoot } from './roots/remove.ts';

// What keeps runs of tests apart (test/roots), itself. The runs here have another directory than this one.

beforeEach(needs('root'));

const RUN = `
  import { spawn } from 'node:child_process';
  import setup from '${REPOSITORY}/test/roots/run.ts';
  const remove = await setup();
  process.env.BOXSTEP_ROOT = process.env.BOXSTEP_TEST_RUN + '/one';
  const words = ['1', 'run', '--name', 'boxstep-run', 'sh', '-c', 'echo up; sleep 1000; :', process.argv[1]];
  spawn('${REPOSITORY}/boxstep', words, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.once('data', () => {
    console.log(process.env.BOXSTEP_ROOT);
  });
  process.once('SIGUSR1', () => remove().then(() => process.exit(0)));
`;

/** A run of tests that has a container, in which a word tells it from others. */
async function started(
  word: string,
  stderr: 'inherit' | 'ignore' = 'inherit',
): Promise<{ run: ChildProcess; root: string; cgroups(): string[] }> {
  const env = { ...process.env, BOXSTEP_DOWNLOADS: inRoot('downloads'), BOXSTEP_CACHE: state().cache };
  const run = spawn(process.execPath, ['--input-type=module', '-e', RUN, word], {
    ...{ env, cwd: import.meta.dirname },
    stdio: ['ignore', 'pipe', stderr],
  });
  const root = await says(run);
  onTestFinished(async () => {
    run.kill('SIGKILL');
    await removeRoot(root);
  });
  const cgroups = () =>
    parents(findHierarchies(undefined, undefined, state({ BOXSTEP_ROOT: root }))).filter(existsSync);
  return { run, root, cgroups };
}

const containers = (word: string) => processesWith(word, () => true).filter(({ line }) => line.startsWith('sh -c'));

test('of a run that was killed, the next one removes root, cgroups and containers, and nothing of one that goes on', {
  tags: ['once'],
}, async () => {
  const [dead, living] = [`dead-${process.pid}`, `living-${process.pid}`];
  const [killed, other] = [await started(dead), await started(living)];
  killed.run.kill('SIGKILL');
  await once(killed.run, 'exit');
  expect(existsSync(killed.root)).toBe(true);
  expect(killed.cgroups()).not.toEqual([]);
  expect(containers(dead)).toHaveLength(1);

  const next = await started(`next-${process.pid}`);
  expect(existsSync(killed.root)).toBe(false);
  expect(killed.cgroups()).toEqual([]);
  expect(containers(dead)).toEqual([]);
  expect(containers(living)).toHaveLength(1);

  for (const { run } of [next, other]) {
    run.kill('SIGUSR1'); // the end of a run
    await once(run, 'exit');
  }
  expect(containers(living)).toEqual([]);
  expect([...next.cgroups(), ...other.cgroups()]).toEqual([]);
  expect(readdirSync(inRoot('downloads/test-runs'))).toEqual([]);
});

test('a run that was killed and can’t be removed kept all later ones from running', { tags: ['once'] }, async () => {
  const dead = inRoot('downloads/test-runs/dead');
  const { journals } = state({ BOXSTEP_ROOT: join(dead, 'one') });
  mkdirSync(journals, { recursive: true });
  const journal = openJournal('box', journals);
  journal?.record([{ deed: 'other', kind: 'of tomorrow', of: {} }]);
  journal?.close();
  const next = await started(`after-${process.pid}`, 'ignore');
  expect(existsSync(dead)).toBe(true);
  next.run.kill('SIGUSR1');
  await once(next.run, 'exit');
  rmSync(dead, { recursive: true });
});

test('of a test that failed, what it made is removed, and nobody else’s', { tags: ['once'] }, async (context) => {
  needs('overlay')(context);
  const make = async (name: string) => {
    await boxstep('create', '--name', name, defaultRootfsPath(), 'true');
    for (const kind of ['network', 'volume']) await boxstep(kind, 'create', name);
  };
  const names = async () => {
    const lists = [
      ['ps', '-a', '--format', '{{.Names}}'],
      ['network', 'ls', '-f', 'type=custom', '--format', '{{.Name}}'],
      ['volume', 'ls', '-q'],
    ];
    return Promise.all(lists.map(async (words) => (await boxstep(...words)).stdout.split('\n').toSorted()));
  };
  await make('before');
  const remove = removingMade();
  await make('made');
  expect(await names()).toEqual(Array(3).fill(['before', 'made']));
  await remove();
  expect(await names()).toEqual(Array(3).fill(['before']));
});
