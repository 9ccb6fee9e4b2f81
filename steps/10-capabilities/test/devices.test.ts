import { statSync } from 'node:fs';
import { asText, disassemble, encodeProgram, runProgram } from 'shared-native';
import { asShell, type Hierarchy } from 'step-09';
import { describe, expect, test } from 'vitest';
import { V1_ONLY, V2_ONLY } from '../../03-limits/test/machines.ts';
import { listing } from '../src/command/devices.ts';
import { allowDevices } from '../src/devices/allow.ts';
import { type Device, devices } from '../src/devices/device.ts';
import { deviceOptions } from '../src/devices/flags.ts';
import { deviceNodes } from '../src/devices/nodes.ts';
import { deviceProgram } from '../src/devices/program.ts';
import {
  DEFAULT_RULES,
  type DeviceRule,
  deviceRule,
  EVERYTHING,
  merged,
  type Request,
  ruleText,
} from '../src/devices/rules.ts';
import { allows, asked, generated, numbers } from './device-rules.ts';

test('a device is named with the path inside and what may be done', () => {
  const { mode, uid, gid } = statSync('/dev/null');
  const device = { source: '/dev/null', type: 'c', major: 1, minor: 3, mode: mode & 0o7777, uid, gid };
  expect(devices('/dev/null')).toEqual([{ ...device, path: '/dev/null', access: 'rwm' }]);
  expect(devices('/dev/null:r')).toEqual([{ ...device, path: '/dev/null', access: 'r' }]);
  expect(devices('/dev/null:/dev/x')).toEqual([{ ...device, path: '/dev/x', access: 'rwm' }]);
  expect(devices('/dev/null:/dev/x:rw')).toEqual([{ ...device, path: '/dev/x', access: 'rw' }]);
});

test.each([
  ['/dev/null:/dev/x:rr', 'invalid device'],
  ['/dev/null:x', 'invalid device'],
  ['null', 'invalid device'],
  ['/dev/null:/a:r:w', 'invalid device'],
  ['/dev/not-there', 'adding custom device "/dev/not-there": no such file or directory'],
  ['/etc/passwd', 'is no device'],
])('--device %s is refused', (text, message) => {
  expect(() => devices(text)).toThrow(message);
});

test('a rule of devices has a type, two numbers and what may be done', () => {
  expect(deviceRule('c 1:3 rwm')).toEqual({ type: 'c', major: 1, minor: 3, access: 'rwm' });
  expect(deviceRule('a *:* m')).toEqual({ type: 'a', major: null, minor: null, access: 'm' });
  for (const text of ['c 1:3', 'd 1:3 r', 'c 1 r', 'c 1:3 x', ' c 1:3 r', 'c -1:3 r'])
    expect(() => deviceRule(text), text).toThrow('invalid device cgroup format');
});

test('rules about the same devices are one, as the kernel has them in v1', () => {
  const rules = ['c 1:3 r', 'b *:* m', 'c 1:3 mw', 'c 1:* r'].map(deviceRule);
  expect(merged(rules).map(ruleText)).toEqual(['c 1:3 rwm', 'b *:* m', 'c 1:* r']);
});

test('a rule about everything is the only one, whatever numbers it has', () => {
  expect(merged([...DEFAULT_RULES, deviceRule('a 1:3 r')])).toEqual([EVERYTHING]);
});

describe('the program of v2', () => {
  test('allows what the rules allow, and nothing else', () => {
    const random = numbers(20261126);
    for (let nth = 0; nth < 400; nth++) {
      const rules = generated(random, 6);
      const program = deviceProgram(merged(rules));
      for (const request of requests())
        expect(
          runProgram(program, asked(request)),
          `${rules.map(ruleText).join(', ')}: ${JSON.stringify(request)}`,
        ).toBe(Number(allows(rules, request)));
    }
  });

  test('lets a container make every node, and open few', () => {
    const may = (type: 'b' | 'c', major: number, minor: number, access: string) =>
      runProgram(deviceProgram(DEFAULT_RULES), asked({ type, major, minor, access })) === 1;
    expect([may('b', 8, 0, 'm'), may('b', 8, 0, 'r'), may('b', 8, 0, 'rw')]).toEqual([true, false, false]);
    expect([may('c', 1, 3, 'rw'), may('c', 1, 1, 'r'), may('b', 1, 3, 'r')]).toEqual([true, false, false]);
    expect([may('c', 136, 5, 'rw'), may('c', 5, 2, 'rw'), may('c', 10, 229, 'rw')]).toEqual([true, true, false]);
  });

  test('never fits a number that no device has', () => {
    const program = deviceProgram([deviceRule('c 4294967295:3 rwm')]);
    expect(runProgram(program, asked({ type: 'c', major: 4095, minor: 3, access: 'r' }))).toBe(0);
    expect(encodeProgram(program).length).toBe(11 * 8);
    expect(() => deviceRule('c 4294967296:3 rwm')).toThrow('invalid device cgroup format');
  });

  test('reads as the kernel writes it', () => {
    expect(disassemble(deviceProgram([deviceRule('c 1:* rw')]))).toEqual([
      'r2 = *(u16 *)(r1 +0)',
      'r3 = *(u16 *)(r1 +2)',
      'r4 = *(u32 *)(r1 +4)',
      'r5 = *(u32 *)(r1 +8)',
      'r0 = 1',
      'if r2 != 2 goto +3',
      'if r3 & 1 goto +2',
      'if r4 != 1 goto +1',
      'exit',
      'r0 = 0',
      'exit',
    ]);
  });
});

test('the program is listed rule by rule', () => {
  expect(listing(['c 1:3 rwm', 'b *:* m'].map(deviceRule)).split('\n').slice(4, 16)).toEqual([
    '  4: r0 = 1',
    '; c 1:3 rwm',
    '  5: if r2 != 2 goto +3',
    '  6: if r4 != 1 goto +2',
    '  7: if r5 != 3 goto +1',
    '  8: exit',
    '; b *:* m',
    '  9: if r2 != 1 goto +2',
    ' 10: if r3 & 6 goto +1',
    ' 11: exit',
    '; no rule fits',
    ' 12: r0 = 0',
  ]);
});

/** Everything that generated rules may be about, and something besides. */
function requests(): Request[] {
  return (['b', 'c'] as const).flatMap((type) =>
    [1, 5, 7, 9].flatMap((major) =>
      [0, 3, 4].flatMap((minor) => ['r', 'w', 'm', 'rw'].map((access) => ({ type, major, minor, access }))),
    ),
  );
}

describe('by cgroup', () => {
  const DEVICES: Hierarchy = {
    version: 1,
    mount: '/sys/fs/cgroup/devices',
    parent: '/sys/fs/cgroup/devices/boxstep',
    controllers: ['devices'],
    readOnly: false,
  };
  const rules = ['c *:* m', 'c 1:3 rwm'].map(deviceRule);
  const lines = (
    hierarchies: readonly Hierarchy[],
    inhabited: readonly Hierarchy[],
    of: readonly DeviceRule[] = rules,
  ) =>
    allowDevices(of, 'web', hierarchies, inhabited).flatMap(({ when, do: deeds, undo }) => [
      ...deeds.map((deed) => `${when}: ${asShell(deed)}`),
      ...undo.map((deed) => `undo: ${asShell(deed)}`),
    ]);

  test('v1 forbids all, then allows one after another', () => {
    const inhabited = V1_ONLY.filter(({ controllers }) => ['pids', 'freezer'].some((one) => controllers.includes(one)));
    expect(lines([...V1_ONLY, DEVICES], inhabited)).toEqual([
      'before: mkdir -p /sys/fs/cgroup/devices/boxstep/web',
      'before: echo a > /sys/fs/cgroup/devices/boxstep/web/devices.deny',
      "before: echo 'c *:* m' > /sys/fs/cgroup/devices/boxstep/web/devices.allow",
      "before: echo 'c 1:3 rwm' > /sys/fs/cgroup/devices/boxstep/web/devices.allow",
      expect.stringMatching(/^undo: kill -KILL .*; rmdir \/sys\/fs\/cgroup\/freezer\/boxstep\/web$/),
      expect.stringContaining('undo: kill -KILL'),
      'undo: rmdir --ignore-fail-on-non-empty /sys/fs/cgroup/devices/boxstep',
      'adopt: echo $pid > /sys/fs/cgroup/devices/boxstep/web/cgroup.procs',
    ]);
  });

  test('v2 gets a program for the cgroup that step 1 has made', () => {
    expect(lines(V2_ONLY, V2_ONLY)).toEqual([
      'before: bpftool cgroup attach /sys/fs/cgroup/boxstep/web cgroup_device pinned /sys/fs/bpf/web  # 14 instructions, which allow c *:* m, c 1:3 rwm',
    ]);
  });

  test('beside a v1 without the controller, v2 gets a cgroup for it', () => {
    expect(lines(V1_ONLY, []).filter((line) => line.startsWith('before: '))).toEqual([
      'before: mkdir -p /sys/fs/cgroup/unified/boxstep/web',
      expect.stringContaining('before: bpftool cgroup attach /sys/fs/cgroup/unified/boxstep/web'),
    ]);
  });

  test('what is allowed everything needs nothing', () => {
    expect(lines(V2_ONLY, V2_ONLY, [EVERYTHING])).toEqual([]);
  });

  test('neither is an error: any disk could be opened', () => {
    const others = V1_ONLY.filter(({ version }) => version === 1);
    expect(() => lines(others, others)).toThrow('no cgroup hierarchy has the "devices" controller');
  });
});

describe('a node of a device', () => {
  const DISK: Device = {
    ...{ source: '/dev/sda', path: '/dev/disk/a', type: 'b', major: 8, minor: 0, mode: 0o660, uid: 0, gid: 6 },
    access: 'r',
  };
  const made = (device: Device, bound: boolean) => deviceNodes([device], '/rootfs', bound).map(asText);

  test('has its numbers, its mode and its owner', () => {
    expect(made(DISK, false).filter((line) => /^(mknodat|fchownat)/.test(line))).toEqual([
      expect.stringMatching(/^mknodat\(<.*>, "a", S_IFBLK\|0660, makedev\(8, 0\)\) or EEXIST$/),
      expect.stringMatching(/^fchownat\(<.*>, "a", 0, 6, AT_SYMLINK_NOFOLLOW\)$/),
    ]);
  });

  test('is the host’s own where none can be made', () => {
    expect(made(DISK, true).filter((line) => /^(mknodat|open_tree|move_mount)/.test(line))).toEqual([
      expect.stringMatching(/^mknodat\(<.*>, "a", S_IFREG\|0644, 0\) or EEXIST$/),
      'open_tree(AT_FDCWD, "dev/sda", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)',
      expect.stringContaining('move_mount('),
    ]);
  });

  test('never comes to be on the host: where the path starts is opened in the container', () => {
    for (const path of ['/x', '/dev/x', '/srv/deep/x'])
      for (const bound of [true, false])
        for (const line of made({ ...DISK, path }, bound)) expect(line).not.toMatch(/^(mknodat|fchownat)\(AT_FDCWD/);
  });
});

test('a privileged container has all devices of the host but terminals, and one may have another name', () => {
  const { devices: all, deviceRules } = deviceOptions({ device: [devices('/dev/null:/dev/void')] }, true);
  const paths = all.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['/dev/null', '/dev/zero', '/dev/void']));
  expect(paths.filter((path) => /^\/dev\/(pts\/|shm\/|mqueue\/|ptmx$|console$)/.test(path))).toEqual([]);
  expect(new Set(paths).size).toBe(paths.length);
  expect(deviceRules).toEqual([]);
});
