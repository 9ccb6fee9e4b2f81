import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findHierarchies, openJournal, parents, state, useRoot } from '../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'boxstep-state-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('without a root', () => {
  test('root’s state is where the machine keeps such things', () => {
    vi.spyOn(process, 'geteuid').mockReturnValue(0);
    expect(state({})).toEqual({
      journals: '/run/boxstep',
      cache: '/var/cache/boxstep',
      data: '/var/lib/boxstep',
      name: 'boxstep',
    });
  });

  test('an ordinary user’s is the user’s own', () => {
    vi.spyOn(process, 'geteuid').mockReturnValue(54_321);
    const xdg = { XDG_RUNTIME_DIR: '/r', XDG_CACHE_HOME: '/c', XDG_DATA_HOME: '/d' };
    expect(state(xdg)).toMatchObject({ journals: '/r/boxstep', cache: '/c/boxstep', data: '/d/boxstep' });
    for (const env of [{}, { XDG_RUNTIME_DIR: 'no/path', XDG_CACHE_HOME: 'no/path', XDG_DATA_HOME: 'no/path' }]) {
      expect(state(env)).toMatchObject({
        journals: join(tmpdir(), 'boxstep-54321/boxstep'),
        cache: join(homedir(), '.cache/boxstep'),
        data: join(homedir(), '.local/share/boxstep'),
      });
    }
  });

  test('of a user who is root in a user namespace, it stays the user’s own', () => {
    vi.spyOn(process, 'geteuid').mockReturnValue(0);
    const xdg = { XDG_RUNTIME_DIR: '/r', XDG_CACHE_HOME: '/c', XDG_DATA_HOME: '/d', BOXSTEP_UID: '54321' };
    expect(state(xdg)).toMatchObject({ journals: '/r/boxstep', cache: '/c/boxstep', data: '/d/boxstep' });
    expect(state({ BOXSTEP_UID: '54321' }).journals).toBe(join(tmpdir(), 'boxstep-54321/boxstep'));
  });
});

describe('a root', () => {
  test('has all of its own, also its cgroups', () => {
    const own = state({ BOXSTEP_ROOT: folder });
    expect(own).toMatchObject({
      journals: join(folder, 'run'),
      cache: join(folder, 'cache'),
      data: join(folder, 'lib'),
    });
    const mountinfo = '35 24 0:30 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw';
    expect(parents(findHierarchies(mountinfo, () => '', own))).toEqual([`/sys/fs/cgroup/${own.name}`]);
  });

  test('is one, however it is spelled, and whether it is there yet or not', () => {
    const link = join(folder, 'link');
    symlinkSync(folder, link);
    const name = (root: string) => state({ BOXSTEP_ROOT: root }).name;
    const before = name(join(link, 'new'));
    expect(name(join(folder, 'x/../new/'))).toBe(before);
    mkdirSync(join(folder, 'new'));
    expect(name(join(link, 'new'))).toBe(before);
  });

  test('has a name that an interface may have, and that no other root has', () => {
    const names = Array.from({ length: 1000 }, (_, nth) => state({ BOXSTEP_ROOT: join(folder, `${nth}`) }).name);
    expect(new Set(names).size).toBe(1000);
    for (const name of names) expect(name).toMatch(/^boxstep-[a-z0-9]{7}$/); // 15 characters: IFNAMSIZ is 16
  });

  test('may share a cache with others: BOXSTEP_CACHE moves it alone', () => {
    expect(state({ BOXSTEP_ROOT: folder, BOXSTEP_CACHE: '/shared' })).toMatchObject({
      journals: join(folder, 'run'),
      cache: '/shared',
    });
  });

  test('that is a file, or below one, or has no name, is refused', () => {
    vi.stubEnv('BOXSTEP_ROOT', undefined);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => useRoot(file)).toThrow(/^the root can't be \S+file, for \S+file is no directory: give --root/);
    expect(() => useRoot('')).toThrow(/empty name/);
    expect(() => useRoot(join(file, 'below'))).toThrow(
      /^the root can't be \S+file\/below, for \S+file is no directory/,
    );
    expect(process.env.BOXSTEP_ROOT).toBeUndefined();
  });

  test('that can’t be written is an error that says what to do', () => {
    const journals = '/proc/boxstep/run';
    expect(() => openJournal('web', journals)).toThrow(/^\/proc\/boxstep\/run can't be made \(ENOENT\).*--root/);
  });
});

test('journals that somebody else could write are not ours to undo', () => {
  const journals = join(folder, 'run');
  mkdirSync(journals);
  vi.spyOn(process, 'geteuid').mockReturnValue(54_321);
  expect(() => openJournal('web', journals)).toThrow(/a directory that user \d+ could write to/);
});
