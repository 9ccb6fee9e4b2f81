import { describe, expect, test } from 'vitest';
import { type Cgroups, controller, delegation, hierarchy } from '../scripts/doctor/cgroups.ts';
import {
  atLeast,
  hasFilesystem,
  parseCgroups,
  parseMountinfo,
  parseRelease,
  subordinateIds,
} from '../scripts/doctor/kernel-files.ts';
import { glibc, kernel, koffi, linux, machine } from '../scripts/doctor/machine.ts';
import { verdict } from '../scripts/doctor/namespaces.ts';
import { verdictOn } from '../scripts/doctor/network.ts';
import { unmountable } from '../scripts/doctor/overlay.ts';
import { rootlessness } from '../scripts/doctor/rootless.ts';
import { delegation as cgroupsOfUser, userNetwork } from '../scripts/doctor/rootless-needs.ts';
import { places } from '../scripts/doctor/state.ts';
import { subordinates } from '../scripts/doctor/users.ts';

const V1_PIDS = '39 31 0:37 / /sys/fs/cgroup/pids rw,relatime shared:9 master:2 - cgroup cgroup rw,pids';
const V1_CPU = '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct';
const V1_BLKIO = '33 31 0:30 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio';
const V2 = '35 24 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate';
const KNOWN =
  '#subsys_name\thierarchy\tnum_cgroups\tenabled\npids\t8\t1\t1\nmemory\t0\t1\t0\ncpu\t1\t1\t1\nblkio\t7\t1\t1';

function cgroups(mountinfo: string[], v2Controllers: string[] = []): Cgroups {
  return { mounts: parseMountinfo(mountinfo.join('\n')), v2Controllers, v2Blocked: 0, known: parseCgroups(KNOWN) };
}

describe('the kernel’s files', () => {
  test('mountinfo has a place for each mount, with and without optional fields', () => {
    expect(parseMountinfo(`${V1_PIDS}\n${V2}\n`)).toEqual([
      { target: '/sys/fs/cgroup/pids', type: 'cgroup', options: ['rw', 'relatime', 'rw', 'pids'] },
      { target: '/sys/fs/cgroup', type: 'cgroup2', options: ['rw', 'nosuid', 'rw', 'nsdelegate'] },
    ]);
  });

  test('a space in a mount’s path is octal in mountinfo', () => {
    expect(parseMountinfo('1 2 0:3 / /a\\040b rw - tmpfs tmpfs rw')[0]?.target).toBe('/a b');
  });

  test('a line that is no mount is left out', () => {
    expect(parseMountinfo('nonsense\n\n1 2 0:3 / /a rw')).toEqual([]);
  });

  test('/proc/cgroups tells which controllers are switched on', () => {
    expect(parseCgroups(KNOWN).get('pids')).toEqual({ enabled: true });
    expect(parseCgroups(KNOWN).get('memory')).toEqual({ enabled: false });
    expect([...parseCgroups(KNOWN).keys()]).not.toContain('#subsys_name');
  });

  test('releases compare as numbers, not as text', () => {
    expect(parseRelease('6.8.0-45-generic')).toEqual([6, 8]);
    expect(atLeast('5.10.0', [5, 9])).toBe(true);
    expect(atLeast('5.9.1', [5, 11])).toBe(false);
    expect(atLeast('6.0', [5, 11])).toBe(true);
    expect(() => parseRelease('Darwin')).toThrow('such as 6.8.0, got "Darwin"');
  });

  test('subordinate ids are found by name and by uid, and added up', () => {
    const file = 'ann:100000:65536\n1000:300000:10\nannabel:1:1';
    expect(subordinateIds(file, ['ann', '1000'])).toBe(65546);
    expect(subordinateIds(file, ['bob', '1001'])).toBe(0);
  });

  test('/proc/filesystems is read by whole names', () => {
    expect(hasFilesystem('nodev\tsysfs\nnodev\toverlay\n\text4', 'overlay')).toBe(true);
    expect(hasFilesystem('nodev\toverlayfs', 'overlay')).toBe(false);
  });
});

describe('what makes the course impossible', () => {
  test('another system, machine or C library, an old kernel, a koffi that does not load', async () => {
    const found = [linux('darwin'), machine('riscv64'), glibc(undefined), kernel('5.8.0')];
    const broken = await koffi(() => Promise.reject(new Error('no such file\nstack')));
    expect([...found, broken].map(({ status }) => status)).toEqual(Array(5).fill('impossible'));
    expect(broken.found).toBe('no such file');
  });

  test('a kernel without rootless OverlayFS is only warned of', () => {
    expect(kernel('5.10.0').status).toBe('warning');
    expect(kernel('5.11.0').status).toBe('ok');
  });
});

describe('namespaces', () => {
  const done = { ok: true, output: '' };
  const refused = { ok: false, output: 'unshare: unshare failed: Operation not permitted' };

  test('one that neither root nor a user can make ends the course, if every step needs it', () => {
    const neither = { asRoot: refused, asUser: refused };
    expect(verdict({ name: 'pid', need: 'every step', ...neither }).status).toBe('impossible');
    expect(verdict({ name: 'ipc', need: 'step 6', ...neither }).status).toBe('warning');
  });

  test('what a normal user is refused, root may still be able to make', () => {
    const result = verdict({ name: 'pid', need: 'every step', asRoot: null, asUser: refused });
    expect(result).toMatchObject({ status: 'warning', mend: 'sudo ./boxstep doctor' });
  });

  test('a root that is refused is named even if a user is not', () => {
    const result = verdict({ name: 'pid', need: 'every step', asRoot: refused, asUser: done });
    expect(result.found).toContain('but not as root');
    expect(result.meaning).toContain('--privileged');
  });

  const open = { attempt: done, apparmor: null, clone: null, most: '100' };

  test('AppArmor’s restriction counts even where unshare itself works', () => {
    const result = rootlessness({ ...open, apparmor: '1' });
    expect(result.status).toBe('warning');
    expect(result.mend).toMatch(/sysctl -w kernel.apparmor_restrict_unprivileged_userns=0$/);
    expect(rootlessness({ ...open, apparmor: '0' }).status).toBe('ok');
  });

  test('each setting that forbids user namespaces has its own command', () => {
    const mend = (settings: object) => rootlessness({ ...open, attempt: refused, ...settings }).mend;
    expect(mend({ clone: '0' })).toMatch(/kernel.unprivileged_userns_clone=1$/);
    expect(mend({ most: '0' })).toMatch(/user.max_user_namespaces=\d+$/);
    expect(mend({})).toBeUndefined();
  });
});

describe('cgroups', () => {
  test('v1, v2 and both at once are told apart', () => {
    expect(hierarchy(cgroups([V1_PIDS])).found).toBe('v1, 1 hierarchies');
    expect(hierarchy(cgroups([V2])).found).toBe('v2 at /sys/fs/cgroup');
    expect(hierarchy(cgroups([V1_PIDS, V2])).found).toMatch(/^hybrid/);
    expect(hierarchy(cgroups([]))).toMatchObject({ status: 'warning', found: 'not mounted' });
  });

  test('each controller is found where it is, not where others are', () => {
    const hybrid = cgroups([V1_PIDS, V1_CPU, V2], ['io']);
    expect(controller('pids', hybrid).found).toBe('v1 at /sys/fs/cgroup/pids');
    expect(controller('cpu', hybrid).found).toBe('v1 at /sys/fs/cgroup/cpu,cpuacct');
    expect(controller('io', hybrid).found).toBe('v2 at /sys/fs/cgroup');
  });

  test('io is blkio in v1', () => {
    expect(controller('io', cgroups([V1_BLKIO])).found).toBe('v1 at /sys/fs/cgroup/blkio');
  });

  test('v2 freezes without a controller', () => {
    expect(controller('freezer', cgroups([V2])).status).toBe('ok');
  });

  test('a read-only mount is named as such', () => {
    const readOnly = V2.replace('rw,nosuid', 'ro,nosuid');
    expect(controller('pids', cgroups([readOnly], ['pids'])).found).toBe('v2 at /sys/fs/cgroup, read-only');
  });

  test('processes at the top of v2 end the course: it can pass nothing on', () => {
    const container = cgroups([V2], ['cpu', 'memory', 'pids']);
    expect(delegation(container)).toMatchObject({ status: 'ok', found: '/sys/fs/cgroup can pass on cpu memory pids' });
    const blocked = delegation({ ...container, v2Blocked: 3 });
    expect(blocked).toMatchObject({ status: 'impossible', found: '3 processes at /sys/fs/cgroup itself' });
    expect(blocked.mend).toMatch(/sh scripts\/delegate-cgroups.sh \/sys\/fs\/cgroup$/);
  });

  test('beside v1, what is at the top of a v2 without controllers of ours is of no account', () => {
    expect(delegation({ ...cgroups([V1_PIDS, V2], ['hugetlb']), v2Blocked: 3 }).status).toBe('ok');
  });

  test('a missing controller is disabled, not delegated, not mounted or not built in', () => {
    expect(controller('memory', cgroups([V2])).found).toBe('disabled');
    expect(controller('pids', cgroups([V2])).found).toBe('not available here');
    expect(controller('pids', cgroups([V1_CPU])).mend).toMatch(/-o pids cgroup \/sys\/fs\/cgroup\/pids$/);
    expect(controller('cpuset', cgroups([V1_CPU])).found).toBe('missing');
  });
});

test('an OverlayFS that does not mount is loaded if the kernel does not know it', () => {
  expect(unmountable('unknown filesystem', 'nodev\ttmpfs').mend).toMatch(/modprobe overlay$/);
  expect(unmountable('denied', 'nodev\toverlay').mend).toBeUndefined();
});

test('65536 subordinate ids of each sort are enough', () => {
  expect(subordinates('ann', '1000', 'ann:100000:65536', '1000:100000:65536').status).toBe('ok');
  const short = subordinates('ann', '1000', 'ann:100000:65536', '');
  expect(short.found).toContain('0 group ids');
  expect(short.mend).toMatch(/usermod .* ann$/);
});

describe('the state', () => {
  const state = (root: string) => ({
    journals: `${root}/run`,
    cache: `${root}/cache`,
    data: `${root}/lib`,
    name: 'boxstep-x',
  });

  test('is where it can be written, or could be made', () => {
    const found = places(state('/tmp/new'), '/tmp/new');
    expect(found).toEqual({
      status: 'ok',
      found: '/tmp/new/run, /tmp/new/cache, cgroup boxstep-x: of the root /tmp/new',
    });
  });

  test('can’t be below a file', () => {
    const { status, found, mend } = places(state('/etc/passwd/x'), '/etc/passwd/x');
    expect({ status, found, mend }).toEqual({
      status: 'impossible',
      found: 'nothing can be written to /etc/passwd',
      mend: 'export BOXSTEP_ROOT=$(mktemp -d)',
    });
  });
});

describe('a firewall of somebody else’s', () => {
  const chain = (policy: string) =>
    `table ip filter {; 	chain DOCKER-USER {; 	}; 	chain FORWARD {; 		type filter hook forward priority filter; policy ${policy};; 	}; }`;

  test('that drops what is passed on is named, with what lets containers through', () => {
    expect(verdictOn({ ok: true, output: chain('drop') })).toMatchObject({
      status: 'warning',
      found: "docker's drops what is passed on",
      mend: expect.stringContaining('iptables -I DOCKER-USER -i boxstep -j ACCEPT'),
    });
  });

  test('is fine where it accepts, or is none', () => {
    expect(verdictOn({ ok: true, output: chain('accept') }).status).toBe('ok');
    expect(verdictOn({ ok: true, output: 'exit status 0' }).status).toBe('ok');
    expect(verdictOn({ ok: false, output: 'Operation not permitted' }).status).toBe('warning');
  });
});

describe('what an ordinary user’s containers have', () => {
  test('is a network, if there is a program for it and a device that anybody may open', () => {
    expect(userNetwork('pasta', 0o20666)).toMatchObject({ status: 'ok' });
    expect(userNetwork('slirp4netns', 0o20600)).toMatchObject({
      status: 'warning',
      mend: expect.stringMatching(/chmod 666/),
    });
    expect(userNetwork('pasta', undefined)).toMatchObject({ mend: expect.stringMatching(/modprobe tun/) });
    expect(userNetwork(undefined, 0o20666)).toMatchObject({ mend: expect.stringMatching(/install passt/) });
  });

  test('is limits, if a cgroup is the user’s', () => {
    const tree = { version: 1, mount: '/ann', parent: '/ann/boxstep', controllers: ['pids'], readOnly: false } as const;
    expect(cgroupsOfUser([tree])).toMatchObject({ status: 'ok', found: 'this user may limit pids' });
    expect(cgroupsOfUser([{ ...tree, mount: '/nonexistent' }])).toMatchObject({
      status: 'warning',
      mend: expect.stringMatching(/delegate/i),
    });
  });
});
