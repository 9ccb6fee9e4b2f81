import type { Action, Hierarchy, Part } from 'step-10';
import { emptyPlan, extend, joinCgroup, makeCgroup } from 'step-10';
import { describe, expect, test } from 'vitest';
import { inParent } from '../src/cgroups/in-parent.ts';
import { cgroupParent, hierarchiesOf } from '../src/cgroups/parent.ts';

const hierarchy = (version: 1 | 2, ...controllers: string[]): Hierarchy => ({
  version,
  mount: `/sys/fs/cgroup/${controllers.join()}`,
  parent: `/sys/fs/cgroup/${controllers.join()}/boxstep`,
  controllers,
  readOnly: false,
});

const PIDS = hierarchy(1, 'pids');
const CPUSET = hierarchy(1, 'cpuset');
const partsWith = (...actions: Action[]): readonly Part[] => extend(emptyPlan('web'), 'step-01', { actions }).parts;

describe('--cgroup-parent', () => {
  test.for([
    ['missing', '/sys/fs/cgroup/pids/missing'],
    ['/a/b', '/sys/fs/cgroup/pids/a/b'],
    ['a.slice', '/sys/fs/cgroup/pids/a.slice'],
    ['/', '/sys/fs/cgroup/pids'],
    ['../../etc', '/sys/fs/cgroup/pids/etc'],
    ['/a/../..', '/sys/fs/cgroup/pids'],
    ['', '/sys/fs/cgroup/pids/boxstep'],
  ])('%s is %s, and never outside', ([cgroupParent = '', path]) => {
    expect(hierarchiesOf({ cgroupParent }, [PIDS]).map(({ parent }) => parent)).toEqual([path]);
  });

  test('is refused if it has a line in it', () => {
    expect(() => cgroupParent('a\nb')).toThrow('invalid --cgroup-parent "a\\nb": a cgroup has no such name');
  });

  test('puts the container into a cgroup of each hierarchy, and leaves what was there as it is', () => {
    const [pids, cpuset] = hierarchiesOf({ cgroupParent: 'above' }, [PIDS, CPUSET]) as [Hierarchy, Hierarchy];
    const made = makeCgroup(
      cpuset,
      'web',
      '',
      [],
      [
        ['../cpuset.cpus', '0-1'],
        ['cpuset.cpus', '0'],
      ],
    );
    const parts = inParent(partsWith(made, joinCgroup(cpuset, 'web')), 'web', [pids, cpuset]);
    const all = parts.flatMap(({ actions }) => actions);
    const paths = (deeds: Action['do']) =>
      deeds.map((deed) => ('path' in deed ? deed.path : JSON.stringify((deed as { of: object }).of)));
    expect(all.flatMap((one) => paths(one.do)).map((one) => one.replaceAll('/sys/fs/cgroup/', ''))).toEqual([
      expect.stringContaining('"cgroup":"pids/above/web"'),
      'pids/above/web/cgroup.procs',
      expect.stringContaining('"cgroup":"cpuset/above/web"'),
      'cpuset/above/web/cpuset.cpus',
      'cpuset/above/web/cgroup.procs',
    ]);
    expect(all.flatMap(({ undo }) => undo).some(({ deed }) => deed === 'rmdir')).toBe(false);
  });
});
