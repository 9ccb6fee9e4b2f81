import { beforeAll, beforeEach, expect, test } from 'vitest';
import { inGuest, type Outcome } from './arm64/guest.ts';
import { REPOSITORY, shell } from './boxstep.ts';
import { CantDownload } from './cache.ts';
import { withoutDebian } from './debian.ts';
import { needs } from './needs.ts';

// The course as a user of a 64-bit ARM machine types it: on such a machine here, on another one in a guest.

const ROOTFS = '/tmp/boxstep-arm64-rootfs';
const LINES = {
  machine: "./boxstep 1 run sh -c 'uname -m; echo $$'",
  status: "./boxstep 1 run sh -c 'exit 42'",
  failure: './boxstep 1 run no-such-command',
  rootfs: `./boxstep 2 rootfs ${ROOTFS} && ./boxstep 2 run ${ROOTFS} sh -c 'ls -d /usr; wc -l < /proc/self/mountinfo'`,
  memory: `./boxstep 3 run -m 32m ${ROOTFS} sh -c 'head -c 64m /dev/zero | tail -n 1'`,
  user: `./boxstep 4 run -u 1000:1000 -e GREETING=hello ${ROOTFS} sh -c 'echo $GREETING $(id -u); exit 7'`,
  left: `rm -r ${ROOTFS}; ls /run/boxstep; ls -d /sys/fs/cgroup/boxstep /sys/fs/cgroup/*/boxstep 2>/dev/null; grep -c ${ROOTFS} /proc/mounts`,
};
type Line = keyof typeof LINES;
const emulated = process.arch !== 'arm64';
let outcomes: Record<Line, Outcome>;
let unreachable = emulated ? withoutDebian() : null;

beforeAll(async () => {
  if (unreachable) return;
  try {
    const found = await (emulated ? inGuest : here)(Object.values(LINES));
    outcomes = Object.fromEntries(Object.keys(LINES).map((line, index) => [line, found[index]])) as typeof outcomes;
  } catch (error) {
    if (!(error instanceof CantDownload)) throw error;
    unreachable = error.message;
  }
}, 600_000);
beforeEach((context) => context.skip(unreachable !== null, unreachable ?? ''));
if (!emulated) beforeEach(needs('root'));

async function here(lines: readonly string[]): Promise<Outcome[]> {
  if (process.geteuid?.() !== 0) return [];
  const found: Outcome[] = [];
  for (const line of lines) {
    const { all, exitCode } = await shell(`cd '${REPOSITORY}'; ${line}`);
    found.push({ all: all ?? '', status: exitCode ?? -1 });
  }
  return found;
}

test('a container starts, as PID 1, and is reaped', () => {
  expect(outcomes.machine.all).toMatch(/^aarch64\n1$/m);
  expect(outcomes.machine.status).toBe(0);
});

test('its exit status is the command’s own, and 127 where there is no such command', () => {
  expect(outcomes.status).toEqual({ all: '', status: 42 });
  expect(outcomes.failure.all).toContain('exec: "no-such-command": executable file not found in $PATH');
  expect(outcomes.failure.status).toBe(127);
});

test('step 2 makes a root filesystem and changes to it: six mounts are left of all', () => {
  expect(outcomes.rootfs.all).toMatch(/^\/usr\n6$/m);
  expect(outcomes.rootfs.status).toBe(0);
});

test('step 3’s memory limit bites', () => {
  expect(outcomes.memory.all).toContain('killed: out of memory (limit 32 MiB');
  expect(outcomes.memory.status).toBe(137);
});

test('step 4’s user and environment hold', () => {
  expect(outcomes.user).toEqual({ all: 'hello 1000', status: 7 });
});

test('nothing is left behind', () => {
  expect(outcomes.left.all).toBe('0');
});
