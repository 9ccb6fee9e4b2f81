import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execa } from 'execa';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { REPOSITORY, says } from './boxstep.ts';
import { needs } from './needs.ts';
import { alive } from './processes.ts';
import { runInGuest } from './vm/run.ts';

// The lane that runs tests in user-mode Linux, itself. What runs in it is suite.ts's.

beforeEach(needs('guest'));

const folder = mkdtempSync(join(tmpdir(), 'boxstep-vm-'));
afterAll(() => rmSync(folder, { recursive: true }));

const vm = (...words: string[]) =>
  execa(process.execPath, ['--import', 'tsx', 'scripts/vm.ts', ...words], {
    cwd: REPOSITORY,
    reject: false,
    all: true,
  });

test('a command runs there as root on cgroup v2 alone; its streams and status are its own, and nothing it writes comes back', async () => {
  const file = join(REPOSITORY, 'boxstep-vm-was-here');
  const script = [
    'id -u; uname -r | cut -d. -f1,2; stat -f -c %T /sys/fs/cgroup; cat /sys/fs/cgroup/cgroup.subtree_control',
    `echo "$1" >&2; touch ${file} /etc/boxstep-vm-was-here; echo result >/run/vm/result; exit 7`,
  ].join('\n');
  const { exitCode, stdout, stderr } = await vm(
    '--out',
    folder,
    'uml',
    'sh',
    '-c',
    script,
    'sh',
    "two  words 'and' $HOME",
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 7, stderr: "two  words 'and' $HOME" });
  expect(stdout).toMatch(/^0\n(6\.1|[7-9]\.\d+)\ncgroup2fs\ncpu io memory pids$/); // Debian 12's own, or a newer release's
  expect([file, '/etc/boxstep-vm-was-here'].filter(existsSync)).toEqual([]);
  expect(readFileSync(join(folder, 'result'), 'utf8')).toBe('result\n');
});

test('a guest that hangs is ended, and its console is told; one that is killed with its runner leaves nothing', async () => {
  const stream = new PassThrough();
  const command = { cwd: '/', env: {}, stdout: stream, stderr: stream.resume(), say: () => {} };
  const crash = ['sh', '-c', 'echo this is the end >/dev/console; echo c >/proc/sysrq-trigger; sleep 1000'];
  await expect(runInGuest('uml', { ...command, words: crash, timeout: 60_000 })).rejects.toThrow(
    /ended without an answer/,
  );
  const late = runInGuest('uml', { ...command, words: ['sleep', '1000'], timeout: 5000 });
  await expect(late).rejects.toThrow(/was not done after 5 s\. The end of its console:/);

  const runner = vm('uml', 'sh', '-c', 'echo up; sleep 1000');
  await says(runner);
  const guest = await descendants(runner.pid ?? 0);
  expect(guest.length).toBeGreaterThan(5);
  runner.kill('SIGKILL');
  await runner;
  await expect.poll(() => guest.filter(alive), { timeout: 10_000 }).toEqual([]);
});

/** A process's children, and theirs. */
async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await execa('ps', ['-e', '-o', 'ppid=,pid=']);
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([ppid]) => ppid === parent).flatMap(([, child = 0]) => [child, ...below(child)]);
  return below(pid);
}
