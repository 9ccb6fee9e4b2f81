import { expect, test } from 'vitest';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  CAP_CHOWN,
  type Call,
  capset,
  chmod,
  chown,
  fchownat,
  MS_BIND,
  MS_RDONLY,
  MS_REMOUNT,
  mount,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  openat,
  setgroups,
  setresgid,
  setuid,
  umask,
  write,
} from '../../src/index.ts';
import { lookUp } from '../../src/model/files/path.ts';
import { directory, executable, file, link } from '../../src/model/machine/tree.ts';
import { capabilitySet } from '../../src/model/process/capabilities.ts';
import { answers, made } from './answers.ts';

const tree = {
  '/srv/mine': file('', { uid: 1000, gid: 1000, mode: 0o644 }),
  '/srv/suid': {
    ...executable,
    mode: 0o6755,
    uid: 1000,
    gid: 1000,
    fileCapabilities: { permitted: 1n, effective: true },
  },
  '/srv/lock': { ...executable, mode: 0o2745, uid: 1000, gid: 1000 },
  '/srv/shared': directory({ mode: 0o2775, uid: 1000, gid: 1000 }),
  '/srv/link': link('mine'),
};

/** Owner, group and mode of a file after these calls. */
function after(path: string, ...calls: Parameters<typeof made>[0]): unknown[] {
  const { uid, gid, mode, fileCapabilities } = lookUp(made(calls, { tree }).state, path).inode;
  return [uid, gid, mode.toString(8), fileCapabilities === undefined];
}

test('a new owner takes set-user-ID bits and capabilities from a program, but not from a directory', () => {
  expect(after('/srv/suid', chown('/srv/suid', 5, 6))).toEqual([5, 6, '755', true]);
  expect(after('/srv/suid', chown('/srv/suid', -1, -1))).toEqual([1000, 1000, '755', true]);
  expect(after('/srv/lock', chown('/srv/lock', 5, -1))).toEqual([5, 1000, '2745', true]);
  expect(after('/srv/shared', chown('/srv/shared', 5, 6))).toEqual([5, 6, '2775', true]);
});

test('who writes to a program or empties it takes its capabilities, and set-user-ID bits unless it has CAP_FSETID', () => {
  const opened = (flags: number) => openat(AT_FDCWD, '/srv/suid', flags);
  const written = (file: Call) => [file, write(file, Buffer.from('x'))];
  expect(after('/srv/suid', ...written(opened(O_WRONLY)))).toEqual([1000, 1000, '6755', true]);
  expect(after('/srv/suid', setuid(1000), ...written(opened(O_WRONLY)))).toEqual([1000, 1000, '755', true]);
  expect(after('/srv/suid', setuid(1000), opened(O_WRONLY | O_TRUNC))).toEqual([1000, 1000, '755', true]);
  expect(after('/srv/suid', setuid(1000), opened(O_WRONLY))).toEqual([1000, 1000, '6755', false]);
});

test('without CAP_CHOWN a file can be given to nobody, and only to a group of its owner', () => {
  const calls = [setgroups([7]), setresgid(1000, 1000, 1000), setuid(1000)];
  const mine = (owner: number, group: number) => chown('/srv/mine', owner, group);
  expect(answers([...calls, mine(5, -1), mine(1000, 7), mine(-1, 8), mine(1000, -1)], { tree }).slice(3)).toEqual([
    'EPERM',
    0,
    'EPERM',
    0,
  ]);
});

test('CAP_CHOWN alone may not change a mode, so it may not give away a set-user-ID program', () => {
  const only = capabilitySet(CAP_CHOWN);
  const calls = [
    capset(0, { effective: only, permitted: only, inheritable: 0 }),
    chown('/srv/suid', 5, 5),
    chown('/srv/mine', 5, 5),
  ];
  expect(answers(calls, { tree })).toEqual([0, 'EPERM', 0]);
});

test('only the owner changes a mode, and set-group-ID needs the group', () => {
  expect(after('/srv/mine', setuid(1000), chmod('/srv/mine', 0o2711))).toEqual([1000, 1000, '711', true]);
  expect(answers([setuid(7), chmod('/srv/mine', 0o777), chmod('/srv/none', 0o777)], { tree })).toEqual([
    0,
    'EPERM',
    'ENOENT',
  ]);
});

test('chown follows a link unless it is told not to', () => {
  expect(after('/srv/mine', chown('/srv/link', 5, 5))).toEqual([5, 5, '644', true]);
  const nofollow = fchownat(AT_FDCWD, '/srv/link', 5, 5, AT_SYMLINK_NOFOLLOW);
  expect([after('/srv/mine', nofollow)[0], after('/srv/link', nofollow)[0]]).toEqual([1000, 5]);
});

test('a descriptor stands for its file with AT_EMPTY_PATH', () => {
  const made = openat(AT_FDCWD, '/srv/new', O_CREAT | O_WRONLY, 0o666);
  expect(after('/srv/new', umask(0o027), made, fchownat(made, '', 5, -1, AT_EMPTY_PATH))).toEqual([5, 0, '640', true]);
  expect(answers([fchownat(AT_FDCWD, '', 5, 5), fchownat(AT_FDCWD, '/srv', 5, 5, 1)])).toEqual(['ENOENT', 'EINVAL']);
});

test('nothing changes through a mount that may only be read', () => {
  const bind = [mount('/srv', '/srv', null, MS_BIND), mount(null, '/srv', null, MS_REMOUNT | MS_BIND | MS_RDONLY)];
  expect(answers([...bind, chmod('/srv/mine', 0), chown('/srv/mine', 0, 0)], { tree }).slice(2)).toEqual([
    'EROFS',
    'EROFS',
  ]);
});

test('umask answers with the mask before', () => {
  expect(answers([umask(0o77), umask(0)])).toEqual([0o22, 0o77]);
});
