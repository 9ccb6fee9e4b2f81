import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeRootfs, runningContainer } from 'step-01';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inRoot, leftovers, WAIT } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { step06, type Waiting, waiting } from './running.ts';

const isRoot = process.geteuid?.() === 0;
const rootfs = () => inRoot('ipc-rootfs');
const run = (flags: string[], line: string) =>
  step06(['run', '--network', 'none', ...flags, rootfs(), 'sh', '-c', line]);

/** Makes a queue that has a number, by ipcmk; and one that has a name, which is a file that open(2) makes. */
const MAKES = 'ipcmk -Q >/dev/null; : > /dev/mqueue/made; echo here > /dev/shm/made';
const SEES = 'ipcs -q | grep -c "^0x"; ls /dev/mqueue /dev/shm 2>&1';
const NOTHING = '0\n/dev/mqueue:\n\n/dev/shm:';
const ALL = /^1\n\/dev\/mqueue:\nmade\n\n\/dev\/shm:\n(.*\n)*made/;

let web: Waiting;
beforeEach(needs('root'));
beforeAll(async () => {
  if (!isRoot) return;
  await makeRootfs(rootfs());
  for (const program of ['/usr/bin/ipcmk', '/usr/bin/ipcs', '/usr/bin/ipcrm']) put(program);
  web = await waiting(6, 'web', ['--network', 'none', '--ipc', 'shareable', rootfs()], `${MAKES}; ${WAIT}`);
});
afterAll(async () => {
  if (!isRoot) return;
  await web?.end();
  expect(leftovers('nothing-has-this-word')).toEqual([]);
  rmSync(rootfs(), { recursive: true });
});

/** Copies a program of this machine's with the libraries that it names. */
function put(program: string): void {
  if (!existsSync(program)) return;
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/[^\s():]+/g) ?? [];
  for (const file of [program, ...libraries]) {
    mkdirSync(join(rootfs(), dirname(file)), { recursive: true });
    if (!existsSync(join(rootfs(), file))) copyFileSync(file, join(rootfs(), file));
  }
}

test('objects, queues and shared memory of a container are seen by nobody else', async () => {
  expect((await run([], `${MAKES}; ${SEES}`)).stdout).toMatch(ALL);
  expect((await run([], SEES)).stdout.trim()).toBe(NOTHING);
});

test('who shares them with another container sees its own: objects, queues and shared memory', async () => {
  const { stdout } = await run(['--ipc', 'container:web'], `${SEES}; cat /dev/shm/made`);
  expect(stdout).toMatch(ALL);
  expect(stdout).toMatch(/here$/);
});

test('objects made with --ipc host are the host’s, and stay when the container is gone', async () => {
  const before = queuesOfTheHost();
  const { stdout } = await run(['--ipc', 'host'], 'ipcmk -Q');
  const id = /\d+/.exec(stdout)?.[0] as string;
  const after = queuesOfTheHost();
  execFileSync('ipcrm', ['-q', id]);
  expect([before.includes(id), after.includes(id)]).toEqual([false, true]);
});

function queuesOfTheHost(): string[] {
  const lines = readFileSync('/proc/sysvipc/msg', 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => line.trim().split(/\s+/)[1] as string);
}

test('/dev/shm holds as much as --shm-size says, and is not there with --ipc none', async () => {
  const full = await run(['--shm-size', '1m'], 'head -c 2000000 /dev/zero > /dev/shm/f; wc -c < /dev/shm/f');
  expect(full.stdout).toBe('1048576');
  expect((await run(['--ipc', 'none'], 'ls -d /dev/shm; ls -d /dev/mqueue')).stdout).toBe('/dev/mqueue');
});

test('who shares the processes of another sees and may signal them, and is not their first', async () => {
  const line = 'echo $$; tr "\\0" " " < /proc/1/cmdline; kill -0 1 && echo may';
  const { stdout } = await run(['--pid', 'container:web'], line);
  expect(Number(stdout.split('\n')[0])).toBeGreaterThan(1);
  expect(stdout).toContain('sleep 600 & wait');
  expect(stdout).toMatch(/may$/);
});

test('who shares the network of another is in its namespace', { tags: ['once'] }, async () => {
  const { stdout } = await step06(['run', '--network', 'container:web', rootfs(), 'readlink', '/proc/self/ns/net']);
  expect(stdout).toBe(readlinkSync(`/proc/${runningContainer('web').pid}/ns/net`));
  expect(stdout).not.toBe(readlinkSync('/proc/self/ns/net'));
});

test('the host’s processes and hostname are seen where that is asked for', { tags: ['once'] }, async () => {
  const { stdout } = await run(
    ['--pid', 'host', '--uts', 'host'],
    'readlink /proc/self/ns/uts; ls -d /proc/[0-9]* | wc -l',
  );
  const [uts, count] = stdout.split('\n');
  expect(uts).toBe(readlinkSync('/proc/self/ns/uts'));
  expect(Number(count)).toBeGreaterThan(3);
});

test('a container that can’t be shared with is refused in a sentence', { tags: ['once'] }, async () => {
  const [unknown, unshared, changed] = await Promise.all([
    run(['--ipc', 'container:nobody'], 'true'),
    run(['--ipc', 'something'], 'true'),
    run(['--uts', 'host', '--hostname', 'box'], 'true'),
  ]);
  expect(unknown).toMatchObject({ exitCode: 125, all: 'boxstep: No such container: nobody' });
  expect(unshared.all).toContain('invalid IPC mode: something');
  expect(changed.all).toContain('conflicting options: hostname and the UTS mode');
});
