import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { boxstep, says, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { findHierarchies, journalNames, parents, state } from '../src/index.ts';

// Two roots on one machine, each with a container of the same name.

beforeEach(needs('root'));

const NAME = 'boxstep-same';
const folder = mkdtempSync(join(tmpdir(), 'boxstep-roots-'));
const [here, there] = [join(folder, 'here'), join(folder, 'there')] as const;
afterAll(() => rmSync(folder, { recursive: true }));

const states = [here, there].map((root) => state({ BOXSTEP_ROOT: root }));
const journals = () => states.map((one) => journalNames(one.journals));
const cgroups = () =>
  states.map((one) => [
    ...new Set(parents(findHierarchies(undefined, undefined, one)).flatMap((parent) => containersIn(parent))),
  ]);

function containersIn(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

beforeAll(async () => {
  if (process.geteuid?.() !== 0) return;
  for (const root of [here, there]) await boxstep('1', 'run', '--root', root, 'true'); // its root filesystem is made
});

/** A container that runs until its input ends. */
async function started(root: string) {
  const container = boxstep('1', '--root', root, 'run', '--name', NAME, 'sh', '-c', 'echo up; exec sleep 1000');
  await says(container);
  return { container };
}

test('may have containers of the same name, which run at the same time', async () => {
  const both = [await started(here), await started(there)];
  expect([journals(), cgroups()]).toEqual([
    [[NAME], [NAME]],
    [[NAME], [NAME]],
  ]);
  const second = await boxstep('1', 'run', '--root', here, '--name', NAME, 'true');
  expect(second.stderr).toContain(`the container name "${NAME}" is in use`);
  for (const { container } of both) container.kill('SIGKILL');
  await Promise.all(both.map(({ container }) => container));
});

test('undo what their own runtimes left, and nothing of each other’s: prune, run', async () => {
  expect(journals()).toEqual([[NAME], [NAME]]); // of those that were killed
  const elsewhere = await boxstep('1', 'prune', '--root', join(folder, 'third'));
  expect(elsewhere).toMatchObject({ exitCode: 0, stdout: '' });
  expect([journals(), cgroups()]).toEqual([
    [[NAME], [NAME]],
    [[NAME], [NAME]],
  ]);
  expect((await boxstep('1', '--root', here, 'prune')).stdout).toBe(NAME);
  expect([journals(), cgroups()]).toEqual([
    [[], [NAME]],
    [[], [NAME]],
  ]);
  await boxstep('1', 'run', '--root', there, 'true');
  expect([journals(), cgroups()]).toEqual([
    [[], []],
    [[], []],
  ]);
});

test('prune in one leaves a container that runs in the other alone', async () => {
  const { container } = await started(there);
  const { exitCode, stdout } = await boxstep('1', 'prune', '--root', here);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect([journals(), cgroups()]).toEqual([
    [[], [NAME]],
    [[], [NAME]],
  ]);
  container.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 200)); // a second one at once would be the first one’s echo
  container.kill('SIGTERM');
  await container;
});

test('do not see each other’s containers: stats, pause', async () => {
  const { container } = await started(there);
  const [stats, pause, own] = await Promise.all([
    boxstep('3', 'stats', '--root', here, '--no-stream'),
    boxstep('3', '--root', here, 'pause', NAME),
    boxstep('3', 'stats', '--root', there, '--no-stream'),
  ]);
  expect(stats.stdout).not.toContain(NAME);
  expect(pause).toMatchObject({ exitCode: 1, stderr: `boxstep: No such container: ${NAME}` });
  expect(own.stdout).toContain(NAME);
  container.kill('SIGKILL');
  await container;
  await boxstep('1', '--root', there, 'prune');
});

test('are named by BOXSTEP_ROOT as well, which the flag overrides, and which reaches what a command starts', async () => {
  const planned = async (line: string) => (await shell(line)).stdout.match(/(\/boxstep-\w+)\/box-/)?.[1];
  const names = states.map(({ name }) => `/${name}`);
  expect(await planned(`BOXSTEP_ROOT=${here} ./boxstep 1 plan`)).toBe(names[0]);
  expect(await planned(`BOXSTEP_ROOT=${here} ./boxstep 1 plan --root ${there}`)).toBe(names[1]);
  expect(await planned(`cd ${folder} && BOXSTEP_ROOT=here "$OLDPWD"/boxstep 1 plan`)).toBe(names[0]);
});

test('are in the lines that are shown to be typed', { tags: ['once'] }, async () => {
  const asNobody = 'setpriv --reuid 65534 --clear-groups --inh-caps +dac_read_search --ambient-caps +dac_read_search';
  const type = `Type: sudo ./boxstep 1 --root ${here} run sh`;
  expect((await shell(`${asNobody} env BOXSTEP_ROOT=${here} ./boxstep 1 run sh`)).stderr).toContain(type);
  expect((await shell(`${asNobody} ./boxstep 1 --root ${here} run sh`)).stderr).toContain(type);
  expect((await boxstep('1', 'demo', '--root', here)).stdout).toContain(`$ ./boxstep 1 --root ${here} run --hostname`);
});
