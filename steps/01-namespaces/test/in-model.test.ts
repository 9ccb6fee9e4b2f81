import { executable, leadsTo, link, wayTo } from 'shared-native/model';
import { describe, expect, test } from 'vitest';
import { removeCgroup, rmdirIfEmpty, write } from '../src/engine/action.ts';
import { carryOutInModel, inModel, undoInModel } from '../src/engine/in-model.ts';
import type { Hierarchy } from '../src/hierarchies.ts';
import type { Options } from '../src/options.ts';
import { plan } from '../src/plan.ts';

const v2: Hierarchy[] = [
  {
    version: 2,
    mount: '/sys/fs/cgroup',
    parent: '/sys/fs/cgroup/boxstep',
    controllers: ['cpu', 'pids'],
    readOnly: false,
  },
];
const v1 = ['cpu', 'pids'].map(
  (one): Hierarchy => ({
    version: 1,
    mount: `/sys/fs/cgroup/${one}`,
    parent: `/sys/fs/cgroup/${one}/boxstep`,
    controllers: [one],
    readOnly: false,
  }),
);
const options = (hierarchies: readonly Hierarchy[]): Options => ({
  name: 'box',
  hostname: 'web',
  domainname: '',
  rootfs: '/srv/web',
  command: ['sh'],
  pidsLimit: 7,
  hierarchies,
});
const tree = { '/srv/web/bin/sh': executable, '/srv/web/proc/keep': '' };

describe.each([
  ['v2', v2],
  ['v1', v1],
])('a plan in the model of the kernel, with cgroups %s', (_, hierarchies) => {
  const on = { hierarchies, tree };

  test('runs its command in its own root, under its own name, in its own cgroup', () => {
    const { state, after, deeds } = inModel(plan(options(hierarchies)), on);
    expect(deeds.filter(({ error }) => error)).toEqual([]);
    expect(after).toMatchObject({ end: 'executed' });
    expect(state.process.namespaces.uts.hostname).toBe('web');
    expect(leadsTo(state, '/proc')).toMatchObject({ filesystem: 'proc' });
    const cgroup = state.hierarchies.find((one) => one.controllers.includes('pids'))?.root.children.get('boxstep');
    expect(cgroup?.children.get('box')?.values.get('pids.max')).toBe('7');
    expect([...(cgroup?.children.get('box')?.processes ?? [])]).toEqual([state.process.hostPid]);
  });

  test('is undone: its processes are killed, its cgroups are gone', () => {
    const one = plan(options(hierarchies));
    const { state } = inModel(one, on);
    expect(undoInModel(one, state).filter(({ error }) => error)).toEqual([]);
    expect(state.process.killed).toBe(9);
    expect(state.hierarchies.flatMap(({ root }) => [...root.children])).toEqual([]);
  });
});

test('a deed that fails stops the plan: nothing is started', () => {
  const one = plan(options(v2));
  const { deeds, after } = inModel(one, { hierarchies: [{ ...v2[0], controllers: ['cpu'] } as Hierarchy], tree });
  expect(deeds.at(-1)).toMatchObject({ error: 'ENOENT' });
  expect(after).toBeUndefined();
});

test('a file of a controller that is not passed on is not there', () => {
  const { state } = inModel({ ...plan(options(v2)), actions: [] }, { hierarchies: v2, tree });
  expect(carryOutInModel(state, write('7', '/sys/fs/cgroup/pids.max'))).toMatchObject({ error: 'ENOENT' });
  expect(carryOutInModel(state, rmdirIfEmpty('/srv')).error).toBeUndefined();
  expect(carryOutInModel(state, removeCgroup('/sys/fs/cgroup/none')).error).toBeUndefined();
});

test('a link in the rootfs is followed where a mount goes', () => {
  const escaping = { '/srv/web/bin/sh': executable, '/srv/web/proc': link('/etc') };
  const { after, state } = inModel(plan(options(v2)), { hierarchies: v2, tree: escaping });
  expect(after).toMatchObject({ failed: { error: 'ENOENT' } });
  expect(wayTo(state, '/etc/shadow')).toBeUndefined();
});
