import { state } from 'step-01';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { inGuest, type Outcome } from './arm64/guest.ts';
import { inRoot, REPOSITORY, shell } from './boxstep.ts';
import { CantDownload } from './cache.ts';
import { withoutDebian } from './debian.ts';
import { lacks, needs } from './needs.ts';

// The course as a user of a 64-bit ARM machine types it: on such a machine here, on another one in a guest.

const emulated = process.arch !== 'arm64';
const ROOTFS = emulated ? '/tmp/boxstep-arm64-rootfs' : inRoot('rootfs');
/** In the guest there is no other root. */
const { cache, journals, name } = emulated
  ? { cache: '/var/cache/boxstep', journals: '/run/boxstep', name: 'boxstep' }
  : state();
const LINES = {
  machine: "./boxstep 1 run sh -c 'uname -m; echo $$; exit 42'",
  failure: './boxstep 1 run no-such-command',
  rootfs: `cp -a ${cache}/rootfs-* ${ROOTFS} && ./boxstep 2 run ${ROOTFS} sh -c 'ls -d /usr; wc -l < /proc/self/mountinfo'`,
  memory: `./boxstep 3 run -m 32m ${ROOTFS} sh -c 'head -c 64m /dev/zero | tail -n 1'`,
  user: `./boxstep 4 run -u 1000:1000 -e GREETING=hello ${ROOTFS} sh -c 'echo $GREETING $(id -u); exit 7'`,
  blocked: inACgroup('./boxstep 1 run echo one'),
  delegated: inACgroup('sh scripts/delegate-cgroups.sh && ./boxstep 1 run echo two'),
  left: `rm -r ${ROOTFS}; ls ${journals}; ls -d /sys/fs/cgroup/${name}* /sys/fs/cgroup/*/${name} 2>/dev/null; grep -c ${ROOTFS} /proc/mounts`,
};

/** A container's view of v2: its own cgroup is the top of the tree, and the processes are in it. */
function inACgroup(line: string): string {
  const cgroup = `/sys/fs/cgroup/${name}-arm64`;
  return `mkdir ${cgroup} && sh -c 'echo $$ > ${cgroup}/cgroup.procs && exec unshare -m sh -c "mount --bind ${cgroup} /sys/fs/cgroup && ${line}"'
    status=$?; rmdir ${cgroup}/init ${cgroup} 2>/dev/null || rmdir ${cgroup}; exit $status`;
}

type Line = keyof typeof LINES;
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
}, 1_000_000);
beforeEach((context) => {
  if (unreachable !== null) lacks('download', unreachable)(context);
});
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

test('a container starts, as PID 1, and is reaped with its own exit status', () => {
  expect(outcomes.machine.all).toMatch(/^aarch64\n1$/m);
  expect(outcomes.machine.status).toBe(42);
});

test('where there is no such command, the failing call is read from the memory that both share', () => {
  expect(outcomes.failure.all).toContain('exec: "no-such-command": executable file not found in $PATH');
  expect(outcomes.failure.status).toBe(127);
});

test('step 2 changes to a root filesystem: six mounts are left of all', () => {
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

test('in a container v2 passes nothing on until its processes have moved to a leaf', () => {
  expect(outcomes.blocked.all).toMatch(/cgroup.*: ENOTSUP: processes live in the cgroup at the top/);
  expect(outcomes.blocked.status).toBe(125);
  expect(outcomes.delegated.all).toMatch(/^delegate-cgroups: \d+ processes moved to .*passed on: .*pids.*\ntwo$/);
});

test('nothing is left behind', () => {
  expect(outcomes.left.all).toBe('0');
});
