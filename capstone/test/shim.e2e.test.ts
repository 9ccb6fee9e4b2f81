import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { leftovers } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { alive } from '../../test/processes.ts';
import type { Detached } from '../src/detached.ts';
import { readStatus } from '../src/shim/status.ts';
import { undo } from '../src/undo.ts';
import { gone } from './gone.ts';
import { statusPath } from './status-path.ts';

beforeEach(needs('root'));

const starter = fileURLToPath(new URL('starter.ts', import.meta.url));

/** Starts a container by a process that has ended when this settles. */
async function started(name: string, command: readonly string[], env = {}): Promise<Detached> {
  const { stdout } = await execa(process.execPath, [starter, name, ...command], { env });
  return JSON.parse(stdout);
}

/** A command that ends with 7 when it is told to, by a signal that it catches by now if there is a child. */
const ENDS_AT_TERM = ['sh', '-c', 'trap "exit 7" TERM; sleep 1000 & wait'];

/** What is left of a container, but for what is to be known of its end. */
const left = (name: string) => leftovers(name).filter((one) => one !== '.statuses');

const status = (pid: number, field: string) =>
  new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

test('a container outlives the command that started it; its status is written, and nothing else is left', async () => {
  const name = 'boxstep-outlives';
  const { pid, shim } = await started(name, ENDS_AT_TERM);
  await expect.poll(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')).not.toBe(''); // its trap is set
  expect(status(pid, 'PPid')).toBe(`${shim}`);
  expect(readFileSync(`/proc/${shim}/cmdline`, 'utf8')).toBe(`boxstep-shim\0${name}\0`);
  expect(readStatus(statusPath(name))).toBeUndefined();
  const shimGone = gone(shim);
  process.kill(pid, 'SIGTERM');
  await shimGone;
  expect(readStatus(statusPath(name))).toMatchObject({ status: 7, signal: null });
  expect(left(name)).toEqual([]);
});

test('the signal that killed a container is written, too', async () => {
  const name = 'boxstep-signal';
  const { pid, shim } = await started(name, ['sleep', '1000']);
  const shimGone = gone(shim);
  process.kill(pid, 'SIGKILL');
  await shimGone;
  expect(readStatus(statusPath(name))).toMatchObject({ status: null, signal: 'SIGKILL' });
  expect(left(name)).toEqual([]);
});

test('SIGKILL of the shim ends the container, and what is left belongs to nobody: it can be cleaned up', async () => {
  const name = 'boxstep-shim-killed';
  const { pid, shim } = await started(name, ['sleep', '1000']);
  const containerGone = gone(pid);
  process.kill(shim, 'SIGKILL');
  await containerGone;
  expect(readStatus(statusPath(name))).toBeUndefined();
  expect(left(name)).not.toEqual([]);
  expect(await undo({ id: name })).toEqual([]);
  expect(left(name)).toEqual([]);
});

test('while a shim stays, nobody cleans up after its container', async () => {
  const name = 'boxstep-stays';
  const { pid, shim } = await started(name, ['sleep', '1000']);
  expect(await undo({ id: name })).toEqual([]);
  expect(alive(pid)).toBe(true);
  expect(left(name)).not.toEqual([]);
  const shimGone = gone(shim);
  process.kill(pid, 'SIGKILL');
  await shimGone;
});

test('a command that isn’t there is told to the one who started it, and nothing is left', async () => {
  const name = 'boxstep-nowhere';
  const { exitCode, stderr } = await execa(process.execPath, [starter, name, '/no/such'], { reject: false });
  expect([exitCode, stderr]).toEqual([125, expect.stringMatching(/^execve\("\/no\/such".*: ENOENT: /)]);
  await expect.poll(() => left(name)).toEqual([]); // the shim may still be cleaning up
  expect(existsSync(statusPath(name))).toBe(false);
});

test('a starter that is killed before the container may begin leaves nothing', async () => {
  const name = 'boxstep-starter-killed';
  const { signal } = await execa(process.execPath, [starter, name, 'true'], {
    env: { STARTER_DIES: 'yes' },
    reject: false,
  });
  expect(signal).toBe('SIGKILL');
  await expect.poll(() => left(name)).toEqual([]);
  expect(readStatus(statusPath(name))).toMatchObject({ status: 127 });
});

test('a shim has a few pages of memory, no descriptor that it doesn’t need, no parent but init, and no directory of the host', async () => {
  const name = 'boxstep-small';
  const { pid, shim } = await started(name, ['sleep', '1000']);
  expect(Number.parseInt(status(shim, 'VmRSS') ?? '', 10)).toBeLessThanOrEqual(36); // kB
  expect(status(shim, 'Threads')).toBe('1');
  expect(status(shim, 'PPid')).toBe('1');
  expect(readlinkSync(`/proc/${shim}/cwd`)).toBe('/');
  const open = readdirSync(`/proc/${shim}/fd`).map((fd) => readlinkSync(`/proc/${shim}/fd/${fd}`));
  const kinds = open.map((file) => file.replace(/.*\//, '').replace(/^pipe:.*/, 'pipe'));
  expect(kinds.sort()).toEqual(['.turn', 'anon_inode:[pidfd]', name, name, 'null', 'null', 'pipe']); // journal, status, lifeline
  const inside = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  expect(inside).toEqual(['/dev/null', '/dev/null', '/dev/null']);
  const shimGone = gone(shim);
  process.kill(pid, 'SIGKILL');
  await shimGone;
});
