import { defaultRootfsPath } from 'step-09';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, leftovers, says, WAITS } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { run, ten } from './command.ts';

const ROOTFS = defaultRootfsPath();
beforeEach(needs('root', 'overlay'));
afterAll(() => {
  if (process.geteuid?.() === 0) expect(leftovers('nothing-has-this-word')).toEqual([]);
});

interface Audit {
  readonly step: string;
  readonly facts: { readonly devices: { readonly by: string; readonly disks: readonly string[] } };
  readonly walls: readonly { readonly wall: string; readonly verdict: string; readonly leaves: readonly string[] }[];
}

/** What audit says of a container that runs meanwhile. */
async function audited(name: string, container: ReturnType<typeof run>): Promise<Audit> {
  await says(container);
  try {
    const { exitCode, stdout, stderr } = await ten('audit', '--json', name);
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(String(stdout)) as Audit;
  } finally {
    container.kill('SIGTERM');
    await container;
  }
}

const verdicts = ({ walls }: Audit) => Object.fromEntries(walls.map(({ wall, verdict }) => [wall, verdict]));

test('audit tells the walls of a default container, of one without, and of step 1’s', async () => {
  const open = ['--userns', 'host', '--privileged', '--pid', 'host', '-v', '/:/host'];
  const [own, users, none, first] = await Promise.all([
    audited('own', run('--name', 'own', ROOTFS, ...WAITS)),
    audited('users', run('--name', 'users', '--userns', 'host', ROOTFS, ...WAITS)),
    audited('none', run('--name', 'none', ...open, ROOTFS, ...WAITS)),
    audited('first', boxstep('1', 'run', '--name', 'first', ...WAITS) as ReturnType<typeof run>),
  ]);
  const all = { capabilities: 'stands', 'system calls': 'stands', namespaces: 'stands', devices: 'stands' };
  expect(verdicts(own)).toMatchObject({ ...all, users: 'stands', files: 'stands', "kernel's files": 'stands' });
  expect(verdicts(users)).toMatchObject({ ...all, users: 'missing', files: 'stands', "kernel's files": 'stands' });
  expect(users.facts.devices).toMatchObject({ by: expect.stringMatching(/^(list|program)$/), disks: [] });
  expect(verdicts(none)).toMatchObject({
    ...{ users: 'missing', capabilities: 'gap', 'system calls': 'missing', files: 'gap', "kernel's files": 'missing' },
  });
  expect(none.walls.flatMap(({ leaves }) => leaves)).toContain('/host: / of the host, to be changed');
  expect([first.step, verdicts(first).files, verdicts(first).capabilities]).toEqual(['step-01', 'gap', 'gap']);
});

test('run --audit tells them of the container that it starts', async () => {
  const container = run('--audit', ROOTFS, ...WAITS);
  await Promise.all([says(container), says(container, 'stderr')]);
  container.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await container;
  expect([exitCode, stdout]).toEqual([0, 'ready']);
  expect(stderr).toMatch(/^box-\w+: process \d+, of step-10\n\nusers +stands/);
  expect(stderr).toMatch(/ of 10 walls stand; with a gap: limits; missing: new privileges, label$/m);
});

test('audit of what doesn’t run is an error in one line', async () => {
  const { exitCode, all } = await ten('audit', 'nobody');
  expect([exitCode, all]).toEqual([1, 'boxstep: No such container: nobody']);
});
