import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { userFiles } from '../src/index.ts';

let rootfs: string;
beforeEach(() => {
  rootfs = mkdtempSync(join(tmpdir(), 'boxstep-users-'));
  mkdirSync(join(rootfs, 'etc'));
});
afterEach(() => rmSync(rootfs, { recursive: true }));
const passwd = () => userFiles(rootfs).passwd;

test('the files are those of the root filesystem', () => {
  writeFileSync(join(rootfs, 'etc/passwd'), 'one');
  writeFileSync(join(rootfs, 'etc/group'), 'two');
  expect(userFiles(rootfs)).toEqual({ passwd: 'one', group: 'two' });
});

test('where there are none, or no root filesystem, they are empty', () => {
  expect(userFiles(rootfs)).toEqual({ passwd: '', group: '' });
  expect(userFiles('/no/such')).toEqual({ passwd: '', group: '' });
});

test.each(['/etc/passwd', '../../../../../../../../etc/passwd', '/proc/self/root/etc/passwd', '/proc/self/cwd/x'])(
  'a link to %s leads to nothing of the host’s',
  (target) => {
    symlinkSync(target, join(rootfs, 'etc/passwd'));
    expect(passwd()).toBe('');
  },
);

test('a link leads where it leads inside, also by an absolute path and from /etc itself', () => {
  mkdirSync(join(rootfs, 'usr/etc'), { recursive: true });
  writeFileSync(join(rootfs, 'usr/etc/real'), 'inside');
  symlinkSync('/../../usr/etc/real', join(rootfs, 'usr/etc/passwd'));
  rmSync(join(rootfs, 'etc'), { recursive: true });
  symlinkSync('/usr/etc', join(rootfs, 'etc'));
  expect(passwd()).toBe('inside');
});

test('a pipe in its place is not waited for, nor is a directory read', () => {
  execFileSync('mkfifo', [join(rootfs, 'etc/passwd')]);
  mkdirSync(join(rootfs, 'etc/group'));
  expect(userFiles(rootfs)).toEqual({ passwd: '', group: '' });
});
