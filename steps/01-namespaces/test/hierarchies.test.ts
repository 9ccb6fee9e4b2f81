import { describe, expect, test } from 'vitest';
import { findHierarchies, hierarchyOf } from '../src/index.ts';

const v2 = '35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const hybrid = `36 24 0:31 / /sys/fs/cgroup/unified rw,relatime shared:10 - cgroup2 cgroup2 rw
37 24 0:32 / /sys/fs/cgroup/pids rw,relatime shared:11 - cgroup cgroup rw,pids
38 24 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:12 - cgroup cgroup rw,cpu,cpuacct
39 24 0:34 / /sys/fs/cgroup/systemd rw,relatime shared:13 - cgroup cgroup rw,xattr,name=systemd`;

test('where only v2 is mounted, every controller is there', () => {
  const found = findHierarchies(v2, () => 'cpuset cpu io memory hugetlb pids rdma misc\n');
  expect(hierarchyOf('pids', found)).toMatchObject({ version: 2, mount: '/sys/fs/cgroup', readOnly: false });
});

describe('where both are mounted', () => {
  test('a controller that v2 lacks is found in v1', () => {
    const found = findHierarchies(hybrid, () => 'hugetlb\n');
    expect(hierarchyOf('pids', found)).toMatchObject({ version: 1, mount: '/sys/fs/cgroup/pids' });
    expect(hierarchyOf('cpu', found)).toMatchObject({ version: 1, mount: '/sys/fs/cgroup/cpu,cpuacct' });
  });

  test('a controller that v2 has is taken from there', () => {
    const found = findHierarchies(hybrid, () => 'memory pids\n');
    expect(hierarchyOf('pids', found)).toMatchObject({ version: 2, mount: '/sys/fs/cgroup/unified' });
  });

  test('a controller that neither has is an error that names it and what each has', () => {
    const found = findHierarchies(hybrid, () => '');
    expect(() => hierarchyOf('memory', found)).toThrow(
      'no cgroup hierarchy has the "memory" controller (v2 at /sys/fs/cgroup/unified has none; v1 at /sys/fs/cgroup/pids has pids',
    );
  });
});

test('where none is mounted, the error says how to mount one', () => {
  const found = findHierarchies('23 27 0:22 / /sys rw,relatime - sysfs sysfs rw', () => '');
  expect(() => hierarchyOf('pids', found)).toThrow('mount -t cgroup2');
});

test('a hierarchy that is mounted more than once is one: where it may be written to, and is not hidden', () => {
  const inside = `72 71 0:32 /boxstep/web /sys/fs/cgroup/pids ro,relatime - cgroup cgroup rw,pids
73 71 0:31 / /mnt/unified ro,relatime - cgroup2 cgroup rw`;
  const found = findHierarchies(`${inside}\n${hybrid}`, (mount) => (mount === '/mnt/unified' ? 'misc' : ''));
  expect(found.map(({ mount, readOnly }) => [mount, readOnly])).toEqual([
    ['/mnt/unified', true],
    ['/sys/fs/cgroup/pids', false],
    ['/sys/fs/cgroup/cpu,cpuacct', false],
    ['/sys/fs/cgroup/systemd', false],
  ]);
});

test('a mount that may only be read is known as such', () => {
  const [found] = findHierarchies(v2.replace(' rw,nosuid', ' ro,nosuid'), () => 'pids');
  expect(found?.readOnly).toBe(true);
});

test('a space in a mount point, which mountinfo writes as \\040, is read as one', () => {
  const [found] = findHierarchies(v2.replace('/sys/fs/cgroup', '/mnt/my\\040cgroups'), () => 'pids');
  expect(found?.mount).toBe('/mnt/my cgroups');
});
