import { asText } from 'shared-native';
import { asShell } from 'step-02';
import { describe, expect, test } from 'vitest';
import { type Options, plan } from '../src/index.ts';
import { MACHINE, OPTIONS, V1_ONLY } from './machines.ts';

const M = 1024 ** 2;
const mine = (options: Partial<Options>) => {
  const part = plan({ ...OPTIONS, ...options }).parts.find(({ step }) => step === 'step-03');
  if (!part) throw new Error('step-03 added nothing');
  return part;
};
const host = (options: Partial<Options>) =>
  mine(options).actions.map(({ when, do: deeds }) => `${when}: ${deeds.map(asShell).join('; ')}`);
const calls = (options: Partial<Options>) =>
  Object.entries(mine(options).program).flatMap(([stage, list]) => list.map((call) => `${stage}: ${asText(call)}`));
const isOfCgroups = (text: string) => /cgroup/i.test(text);
const others = (options: Partial<Options>) => calls(options).filter((text) => !isOfCgroups(text));

describe('in v2', () => {
  test('the limits are written into the cgroup of step 1 before there is a process', () => {
    expect(host({ limits: { memory: 64 * M, nanoCpus: 5e8 } })).toEqual([
      [
        'before: mkdir -p /sys/fs/cgroup/boxstep/web',
        'echo +memory > /sys/fs/cgroup/cgroup.subtree_control',
        'echo +memory > /sys/fs/cgroup/boxstep/cgroup.subtree_control',
        'echo +cpu > /sys/fs/cgroup/cgroup.subtree_control',
        'echo +cpu > /sys/fs/cgroup/boxstep/cgroup.subtree_control',
        'echo 67108864 > /sys/fs/cgroup/boxstep/web/memory.max',
        "echo '50000 100000' > /sys/fs/cgroup/boxstep/web/cpu.max",
      ].join('; '),
    ]);
  });

  test('a process goes into its cgroup once, and the cgroup is removed once', () => {
    const { actions } = plan({ ...OPTIONS, limits: { memory: 64 * M } });
    expect(actions.filter(({ when }) => when === 'adopt')).toHaveLength(1);
    expect(actions.flatMap(({ undo }) => undo).filter(({ deed }) => deed === 'remove-cgroup')).toHaveLength(1);
  });
});

describe('in v1', () => {
  const joined = (options: Partial<Options>) =>
    mine({ hierarchies: V1_ONLY, ...options })
      .actions.filter(({ when }) => when === 'adopt')
      .flatMap(({ do: deeds }) => deeds.map(asShell));
  const enter = (controller: string) => `echo $pid > /sys/fs/cgroup/${controller}/boxstep/web/cgroup.procs`;

  test('a container without limits is only counted, and may be paused', () => {
    expect(joined({})).toEqual(['cpuacct', 'memory', 'freezer'].map(enter));
  });

  test('a limit adds the hierarchy of its controller', () => {
    expect(joined({ limits: { nanoCpus: 5e8, cpusetCpus: '1' } })).toEqual(
      ['cpu', 'cpuacct', 'cpuset', 'memory', 'freezer'].map(enter),
    );
  });

  test('a cpuset gets its memory and processors from above before it gets its own', () => {
    const [, cpuset] = host({ hierarchies: V1_ONLY, limits: { cpusetCpus: '1' } }).filter((line) =>
      /cpuset/.test(line),
    );
    const [made] = host({ hierarchies: V1_ONLY, limits: { cpusetCpus: '1' } }).filter((line) =>
      /mkdir.*cpuset/.test(line),
    );
    expect(cpuset).toContain('cgroup.procs');
    expect(made?.split('; ').slice(1)).toEqual([
      'echo 0 > /sys/fs/cgroup/cpuset/boxstep/cpuset.mems',
      'echo 0-3 > /sys/fs/cgroup/cpuset/boxstep/cpuset.cpus',
      'echo 0 > /sys/fs/cgroup/cpuset/boxstep/web/cpuset.mems',
      'echo 1 > /sys/fs/cgroup/cpuset/boxstep/web/cpuset.cpus',
    ]);
  });

  test.each([
    ['as it is', V1_ONLY],
    ['turned round', V1_ONLY.toReversed()],
  ])(
    'the freezer is undone first, in whatever order hierarchies are mounted (%s): a frozen process does not die',
    (_, hierarchies) => {
      const undone = mine({ hierarchies, limits: { memory: 64 * M } })
        .actions.toReversed()
        .flatMap(({ undo }) => undo);
      expect(undone[0]).toEqual({ deed: 'remove-cgroup', path: '/sys/fs/cgroup/freezer/boxstep/web' });
    },
  );

  test('all that "update" may make is undone, too', () => {
    const removed = mine({ hierarchies: V1_ONLY }).actions.flatMap(({ undo }) =>
      undo.map((deed) => 'path' in deed && deed.path),
    );
    for (const controller of ['cpu', 'cpuset', 'blkio', 'memory', 'freezer', 'cpuacct']) {
      expect(removed).toContain(`/sys/fs/cgroup/${controller}/boxstep/web`);
    }
  });
});

describe('the process', () => {
  const SCORE = '<openat(AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY|O_CLOEXEC)>';

  test('makes no call more for a container without limits, but for the cgroups that it sees', () => {
    expect(others({})).toEqual([]);
  });

  test('sees its own cgroups, read-only: it is in them already when it makes the namespace', () => {
    expect(plan(OPTIONS).namespaces).not.toContain('cgroup');
    expect(calls({})).toEqual([
      'setup: unshare(CLONE_NEWCGROUP)',
      'inside: mount("cgroup", "/sys/fs/cgroup", "cgroup2", MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)',
    ]);
    expect(calls({ cgroupNamespace: 'host' })).toHaveLength(1);
  });

  test('sees in v1 those in which it has a cgroup, each at its controllers’ name, and a link to it at each controller’s', () => {
    const both = V1_ONLY.filter(({ mount }) => !/cpuacct$/.test(mount)).map((one) =>
      one.mount.endsWith('/cpu') ? { ...one, controllers: ['cpu', 'cpuacct'] } : one,
    );
    const inside = calls({ hierarchies: both }).filter((text) => text.startsWith('inside: '));
    expect(inside[0]).toMatch(/mount\("tmpfs", "\/sys\/fs\/cgroup", "tmpfs"/);
    expect(inside).toContainEqual(
      expect.stringMatching(/mount\("cgroup", ".*\/cpu,cpuacct", "cgroup", MS_RDONLY.*"cpu,cpuacct"\)/),
    );
    expect(inside).toContain('inside: symlink("cpu,cpuacct", "/sys/fs/cgroup/cpuacct")');
    expect(inside.join()).not.toContain('blkio'); // which limits nothing here
    expect(inside.at(-1)).toMatch(/MS_RDONLY\|MS_NOSUID\|MS_NODEV\|MS_NOEXEC\|MS_REMOUNT\|MS_BIND/);
  });

  test('is never killed for want of memory while it shares the runtime’s, and then as it was', () => {
    expect(others({ limits: { memory: 64 * M }, machine: { ...MACHINE, oomScoreAdj: 200 } })).toEqual([
      'setup: openat(AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY|O_CLOEXEC)',
      `setup: write(${SCORE}, "-1000", 5) or EACCES`,
      `privileges: write(${SCORE}, "200", 3)`,
    ]);
  });

  test('takes the score that was asked for while it can still see the host’s /proc', () => {
    expect(calls({ oomScoreAdj: 500 }).at(-1)).toBe(`privileges: write(${SCORE}, "500", 3)`);
  });

  test('limits itself last of all: with few descriptors, it could not do the rest', () => {
    const ulimits = [{ name: 'nofile', soft: 0n, hard: 10n }] as const;
    expect(calls({ oomScoreAdj: 0, ulimits }).at(-1)).toBe(
      'privileges: prlimit64(0, RLIMIT_NOFILE, {rlim_cur=0, rlim_max=10}, NULL)',
    );
  });
});

test('a limit whose controller is missing stops the plan, before anything is done', () => {
  const hierarchies = OPTIONS.hierarchies.map((one) => ({ ...one, controllers: ['pids'] }));
  expect(() => plan({ ...OPTIONS, hierarchies, limits: { memory: 64 * M } })).toThrow(
    '--memory needs the "memory" controller: no cgroup hierarchy has the "memory" controller (v2 at /sys/fs/cgroup has pids)',
  );
});

test('a plan of limits survives JSON', () => {
  const whole = plan({ ...OPTIONS, pidsLimit: Infinity, limits: { memory: 64 * M, nanoCpus: 5e8 } });
  expect(JSON.parse(JSON.stringify(whole)).actions).toEqual(whole.actions);
});
