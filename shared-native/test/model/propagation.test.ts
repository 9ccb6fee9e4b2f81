import { expect, test } from 'vitest';
import {
  type Call,
  CLONE_NEWNS,
  chdir,
  MS_BIND,
  MS_MOVE,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
  mkdir,
  mount,
} from '../../src/index.ts';
import { leadsTo, machine, model } from '../../src/model/index.ts';

const tmpfs = (name: string, at: string): Call => mount(name, at, 'tmpfs');

test('a copy that spreads to where something is mounted went below it, and what lay on the root of the copy over it', () => {
  const calls = [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    ...['/mnt', '/mnt/a', '/mnt/a/x', '/mnt/b', '/mnt/s'].map((path) => mkdir(path, 0o755)),
    mount('/mnt/a', '/mnt/a', null, MS_BIND),
    mount(null, '/mnt/a', null, MS_SHARED),
    mount('/mnt/a', '/mnt/b', null, MS_BIND),
    mount(null, '/mnt/b', null, MS_SLAVE),
    tmpfs('there before', '/mnt/b/x'),
    tmpfs('below', '/mnt/s'),
    chdir('/mnt/s'),
    tmpfs('above', '/mnt/s'),
    mount('.', '/mnt/a/x', null, MS_BIND | MS_REC), // both
  ];
  const { end, state } = model(machine({ clone: CLONE_NEWNS })).run(calls);
  expect(end).toBe('done');
  expect(leadsTo(state, '/mnt/a/x')).toMatchObject({ source: 'above' });
  expect(leadsTo(state, '/mnt/b/x')).toMatchObject({ source: 'there before' });
  const [child] = [...state.mounts].filter(({ source }) => source === 'there before');
  expect(child?.parent).toMatchObject({ source: 'above' });
});

test('a slave that is moved to its master became a peer of the copy that it gets of itself there', () => {
  const calls = [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    ...['/a', '/b'].map((path) => mkdir(path, 0o755)),
    mount('/a', '/a', null, MS_BIND),
    mount(null, '/a', null, MS_SHARED),
    mount('/a', '/b', null, MS_BIND),
    mount(null, '/b', null, MS_SLAVE),
    mount('/b', '/a', null, MS_MOVE),
  ];
  const { end, state } = model(machine({ clone: CLONE_NEWNS })).run(calls);
  expect(end).toBe('done');
  const groups = [...state.mounts].filter(({ root }) => root.name === 'a').map(({ group, master }) => [group, master]);
  const [[first] = [], [moved] = []] = groups;
  expect(groups).toEqual([
    [expect.any(Number), 0],
    [expect.any(Number), first],
    [0, moved], // it was made before the moved one was shared
  ]);
  expect(moved).toBeGreaterThan(0);
});
