import { describe, expect, test } from 'vitest';
import { factsOf } from '../src/audit/facts.ts';
import type { Texts } from '../src/audit/process.ts';
import { report } from '../src/audit/report.ts';
import { wallsOf } from '../src/audit/walls.ts';
import { DEFAULT as DOCKERS } from '../src/capabilities.ts';
import { deviceProgram } from '../src/devices/program.ts';
import { DEFAULT_RULES } from '../src/devices/rules.ts';
import { DEFAULT, FIRST, PRIVILEGED } from './recorded.ts';

const verdicts = (texts: Texts) => Object.fromEntries(wallsOf(factsOf(texts)).map((one) => [one.wall, one.verdict]));
const wall = (name: string, texts: Texts) => {
  const found = wallsOf(factsOf(texts)).find((one) => one.wall === name);
  if (!found) throw new Error(`no wall is called ${name}`);
  return found;
};

describe('facts', () => {
  test('of a container with users of its own are who its root is, and what it may do', () => {
    expect(factsOf(DEFAULT)).toMatchObject({
      uids: Array(4).fill(1073741824),
      uidMap: [[0, 1073741824, 65536]],
      capabilities: { bounding: expect.arrayContaining(DOCKERS as string[]), ambient: [], inheritable: [] },
      ...{ seccomp: 'filter', filters: 1, noNewPrivileges: false, label: undefined, chrooted: undefined },
      namespaces: { user: 'own', net: 'own' },
    });
    expect(factsOf(DEFAULT).capabilities.bounding).toHaveLength(14);
  });

  test('tell what is masked, and what is read-only, and that nothing of docker’s list is neither', () => {
    const { masked, readOnly, exposed } = factsOf(DEFAULT);
    expect(masked.toSorted()).toEqual(DEFAULT.walled.masked.toSorted());
    expect(readOnly).toEqual(expect.arrayContaining(['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys']));
    expect(exposed).toEqual([]);
  });

  test('tell which mounts are the host’s, and where it has them', () => {
    const of = (texts: Texts) => factsOf(texts).files.map(({ path, host }) => [path, host]);
    expect(of(PRIVILEGED)).toEqual([
      ['/data', '/srv/my data'],
      ['/etc/hosts', '/run/boxstep/.etc/priv/hosts'],
      ['/', undefined],
      ['/dev', undefined],
    ]);
  });

  test('are data that JSON can have', () => {
    for (const texts of [DEFAULT, PRIVILEGED, FIRST]) {
      const facts = factsOf(texts);
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
      expect(JSON.stringify(facts)).not.toMatch(/:null|NaN/);
    }
  });
});

describe('the walls', () => {
  test('of a default container stand but for what docker leaves open, too', () => {
    expect(verdicts(DEFAULT)).toEqual({
      ...{ users: 'stands', capabilities: 'stands', 'system calls': 'stands', 'new privileges': 'missing' },
      ...{ namespaces: 'stands', files: 'stands', devices: 'stands', "kernel's files": 'stands' },
      ...{ label: 'missing', limits: 'gap' },
    });
  });

  test('of a privileged one are gone', () => {
    expect(verdicts(PRIVILEGED)).toEqual({
      ...{ users: 'missing', capabilities: 'gap', 'system calls': 'missing', 'new privileges': 'missing' },
      ...{ namespaces: 'gap', files: 'gap', devices: 'missing', "kernel's files": 'missing' },
      ...{ label: 'missing', limits: 'gap' },
    });
    expect(wall('capabilities', PRIVILEGED)).toMatchObject({ is: expect.stringContaining('all but SYS_RESOURCE') });
    expect(wall('namespaces', PRIVILEGED).leaves).toEqual([expect.stringMatching(/^pid: all processes of the host/)]);
    expect(wall('files', PRIVILEGED).leaves).toEqual(['/data: /srv/my data of the host, to be changed']);
    expect(wall('devices', PRIVILEGED).leaves.join()).toMatch(/254:0 7:0.*\/dev\/vda/);
    expect(wall("kernel's files", PRIVILEGED).leaves.join()).toMatch(/\/proc\/sys \/sys \/sys\/fs\/cgroup\/pids$/);
  });

  test('of step 1’s are a chroot and a few namespaces', () => {
    expect(wall('files', FIRST).leaves[0]).toMatch('a chroot to /var/cache/boxstep/rootfs-1');
    expect(wall('namespaces', FIRST).is).toBe("its own: mnt uts pid; the host's: ipc cgroup net");
  });

  test.each<[string, Partial<Texts>, string, string]>([
    ['no new privileges', { status: DEFAULT.status.replace('Privs:\t0', 'Privs:\t1') }, 'new privileges', 'stands'],
    ['an AppArmor profile', { label: 'docker-default (enforce)' }, 'label', 'stands'],
    ['a profile that is off', { label: 'unconfined' }, 'label', 'missing'],
    ['SELinux without a policy', { label: 'kernel' }, 'label', 'missing'],
    ['SELinux', { label: 'system_u:system_r:container_t:s0:c1,c2' }, 'label', 'stands'],
    ['what SELinux leaves alone', { label: 'unconfined_u:unconfined_r:unconfined_t:s0' }, 'label', 'missing'],
    ['a limit of v2', { limits: { 'memory.max': '67108864', 'pids.max': '10' } }, 'limits', 'stands'],
    ['none of v2', { limits: { 'memory.max': 'max', 'pids.max': 'max' } }, 'limits', 'missing'],
    ['/ of the host, read-only', mounted('254:0 / /host ro,relatime - ext4 /dev/vda rw'), 'files', 'gap'],
    ['a directory of it, read-only', mounted('254:0 /srv /data ro,relatime - ext4 /dev/vda rw'), 'files', 'stands'],
    ['docker’s socket', mounted('254:0 /run/docker.sock /s ro,relatime - ext4 /dev/vda rw'), 'files', 'gap'],
    [
      'a mask that was taken off',
      { mountinfo: DEFAULT.mountinfo.replace(/.*\/proc\/keys.*\n/, '') },
      "kernel's files",
      'gap',
    ],
    ['a filesystem over a masked one', mounted('0:65 /keys /proc/keys rw - proc proc rw'), "kernel's files", 'gap'],
    ['programs that can’t be read', { devices: { by: 'unknown', why: 'EPERM' } }, 'devices', 'not known'],
  ])('tell of %s', (_, texts, name, verdict) => {
    expect(wall(name, { ...DEFAULT, ...texts }).verdict).toBe(verdict);
  });

  test('run a program of v2 to see what it lets a container open', () => {
    const hosts = { ...DEFAULT, namespaces: { ...DEFAULT.namespaces, user: PRIVILEGED.namespaces.user as string } };
    const ruled = (rules: Parameters<typeof deviceProgram>[0]) =>
      wall('devices', { ...hosts, devices: { by: 'program', programs: [deviceProgram(rules)] } });
    expect(ruled(DEFAULT_RULES)).toMatchObject({ verdict: 'stands', is: 'a program of 52 instructions' });
    const open = ruled([...DEFAULT_RULES, { type: 'b', major: 7, minor: null, access: 'r' }]);
    expect(open).toMatchObject({ verdict: 'gap', leaves: ['disks of the host, of which it can make nodes: 7:0'] });
  });
});

function mounted(line: string): Partial<Texts> {
  return { mountinfo: `${DEFAULT.mountinfo}300 246 ${line}\n` };
}

test('the report says of each wall what it stops and leaves, in lines of at most 100 columns', () => {
  for (const texts of [DEFAULT, PRIVILEGED, FIRST]) {
    const walls = wallsOf(factsOf(texts));
    const text = report('web: process 4711, of step-10', walls);
    expect(text.match(/^ +stops /gm)).toHaveLength(walls.length);
    expect(text.match(/^ +leaves /gm)).toHaveLength(walls.length);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  }
  expect(report('', wallsOf(factsOf(DEFAULT)))).toMatch(
    /\n7 of 10 walls stand; with a gap: limits; missing: new privileges, label\n$/,
  );
});
