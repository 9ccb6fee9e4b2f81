import { join } from 'node:path';
import { group, seeded, task } from 'grader';
import type { State } from 'shared-native/model';
import { expect, test } from 'vitest';
import { cgroupOf, machineFor } from '../../../test/judge.ts';
import { carryOutInModel } from '../src/engine/in-model.ts';
import { type Hierarchy, joinCgroup, makeCgroup, mkdirp, passOn, write } from '../src/index.ts';

const v1: Hierarchy = {
  version: 1,
  mount: '/sys/fs/cgroup/memory',
  parent: '/sys/fs/cgroup/memory/boxstep',
  controllers: ['memory'],
  readOnly: false,
};
const v2: Hierarchy = {
  version: 2,
  mount: '/sys/fs/cgroup',
  parent: '/sys/fs/cgroup/boxstep',
  controllers: ['cpu', 'memory', 'pids'],
  readOnly: false,
};

task(
  2,
  {
    points: 20,
    hints: [
      'An action is a value: { what, when, do, undo }. The cgroup must be there before there is a process: when is "before".',
      'do is a list in order: mkdirp the cgroup, pass each controller on (passOn gives a list of deeds for one), write each file. A file is [name, value]; its path is in the cgroup.',
      'undo removes the cgroup with removeCgroup, and then its parent, hierarchy.parent, if that is empty now: rmdirIfEmpty.',
    ],
  },
  () => {
    const word = () => seeded('task 2').word();
    const memory = ({ version }: Hierarchy) => (version === 2 ? 'memory.max' : 'memory.limit_in_bytes');
    const files = (hierarchy: Hierarchy) => [[memory(hierarchy), 4096] as const, ['pids.max', 7] as const];
    const action = (hierarchy: Hierarchy, name = 'web') =>
      makeCgroup(hierarchy, name, 'a cgroup for web', ['memory', 'pids'], files(hierarchy));
    /** A hierarchy of v1 that has two controllers, as cpu and cpuacct mostly are together. */
    const both = { ...v1, controllers: ['memory', 'pids'] };

    /** A machine on which the host has done this for a container of that name, beside another container. */
    const done = (hierarchy: Hierarchy, name = 'web', others: string[] = []) => {
      const state = machineFor({ hierarchies: [hierarchy] });
      for (const other of others) carryOutInModel(state, mkdirp(join(hierarchy.parent, other)));
      const errors = action(hierarchy, name)
        .do.map((deed) => carryOutInModel(state, deed))
        .filter(({ error }) => error);
      expect(errors, 'these failed').toEqual([]);
      return state;
    };
    const undo = (state: State, hierarchy: Hierarchy, name = 'web') => {
      const errors = action(hierarchy, name)
        .undo.map((deed) => carryOutInModel(state, deed))
        .filter(({ error }) => error);
      expect(errors, 'these failed').toEqual([]);
    };
    const left = (state: State) => state.hierarchies.flatMap(({ root }) => [...root.children.keys()]);

    test('the cgroup is made before there is a process, and says what it is for', () => {
      const { what, when } = action(v2);
      expect({ what, when }).toEqual({ what: 'a cgroup for web', when: 'before' });
    });

    group('in v2', 7, () => {
      test('every controller is passed on before a file of it is written', () => {
        for (const name of ['web', word()]) {
          const cgroup = cgroupOf(done(v2, name), 'memory', name);
          const why = 'the kernel makes a controller’s files as it is passed on, one after another, from the root down';
          expect([cgroup?.values.get('memory.max'), cgroup?.values.get('pids.max')], why).toEqual(['4096', '7']);
        }
      });

      test('and a limit is for one container alone: neither the others have it nor the cgroup above', () => {
        const state = done(v2, 'web', ['other']);
        const values = (name: string) => cgroupOf(state, 'memory', name)?.values.get('memory.max');
        expect([values('web'), values('other')], 'the path is cgroupPath(hierarchy, name)').toEqual([
          '4096',
          undefined,
        ]);
        expect(cgroupOf(state, 'memory', 'web')?.parent?.values.get('memory.max')).toBeUndefined();
      });

      test('and a process can go into it', () => {
        const state = done(v2);
        const joined = joinCgroup(v2, 'web').do.map((deed) => carryOutInModel(state, deed));
        const why = 'a cgroup that passes controllers on may hold no process itself (cgroups(7))';
        expect(
          joined.filter(({ error }) => error),
          why,
        ).toEqual([]);
      });
    });

    group('in v1', 5, () => {
      test.each([
        ['a hierarchy of two controllers', both],
        ['the same elsewhere', { ...both, mount: `/cgroups/${word()}`, parent: '' }],
      ])('the files are in a cgroup of the hierarchy, and nothing is passed on: %s', (_, hierarchy) => {
        const there = { ...hierarchy, parent: `${hierarchy.mount}/boxstep` };
        const cgroup = cgroupOf(done(there), 'memory', 'web');
        const why = 'the container’s cgroup is cgroupPath(hierarchy, name), and its limits are for it alone';
        expect([cgroup?.values.get('memory.limit_in_bytes'), cgroup?.values.get('pids.max')], why).toEqual([
          '4096',
          '7',
        ]);
      });
    });

    group('undone', 8, () => {
      test.each([
        ['v2', v2],
        ['v1', both],
      ])('nothing of it is left, %s', (_, hierarchy) => {
        const state = done(hierarchy);
        undo(state, hierarchy);
        expect(left(state), 'a cgroup that holds another one can’t be removed: the container’s goes first').toEqual([]);
      });

      test('a process that is still in it is killed first', () => {
        const state = done(v2);
        for (const deed of joinCgroup(v2, 'web').do) carryOutInModel(state, deed);
        undo(state, v2);
        expect(state.process.killed, 'removeCgroup kills what lives there').toBe(9);
        expect(left(state)).toEqual([]);
      });

      test('another container’s cgroup is left alone', () => {
        const state = done(v2, 'web', ['other']);
        undo(state, v2);
        expect(left(state), 'the cgroup above goes only if it is empty').toEqual(['boxstep']);
        expect(cgroupOf(state, 'memory', 'other')).toBeDefined();
        expect(cgroupOf(state, 'memory', 'web')).toBeUndefined();
      });

      test('also where nothing or only half was done', () => {
        for (const half of [0, 1, 2]) {
          const state = machineFor({ hierarchies: [v2] });
          for (const deed of action(v2).do.slice(0, half)) carryOutInModel(state, deed);
          undo(state, v2);
          expect(left(state)).toEqual([]);
        }
      });
    });
  },
);

task(
  3,
  {
    points: 10,
    hints: [
      'A v1 hierarchy has its controllers in every cgroup: there is nothing to do.',
      'In v2, "+memory" is written to cgroup.subtree_control of every cgroup above the container: the root (hierarchy.mount) first, then hierarchy.parent in it. The container itself passes nothing on.',
    ],
  },
  () => {
    /** What comes of passing controllers on, where a container's cgroup is there already. */
    const passed = (hierarchy: Hierarchy, name: string, controllers: readonly string[]) => {
      const state = machineFor({ hierarchies: [hierarchy] });
      carryOutInModel(state, mkdirp(join(hierarchy.parent, name)));
      const deeds = controllers.flatMap((controller) => passOn(hierarchy, controller));
      const failed = deeds.map((deed) => carryOutInModel(state, deed)).filter(({ error }) => error);
      expect(failed, 'a cgroup can pass on only what its parent gave it, by "+cpu" in cgroup.subtree_control').toEqual(
        [],
      );
      return state;
    };
    const elsewhere = () => {
      const mount = `/${seeded('task 3').word()}`;
      return { ...v2, mount, parent: `${mount}/${seeded('task 3 parent').word()}` };
    };
    const can = (state: State, hierarchy: Hierarchy, name: string, file: string, value: string) =>
      carryOutInModel(state, write(value, join(hierarchy.parent, name, file))).error ?? 'written';

    test('in v2 the container has the files of a controller that was passed on, and of no other', () => {
      for (const hierarchy of [v2, elsewhere()]) {
        const state = passed(hierarchy, 'web', ['memory']);
        const why =
          'it has to be passed on from the root down: by the mount’s own cgroup, and by the one above the container';
        expect(can(state, hierarchy, 'web', 'memory.max', '4096'), why).toBe('written');
        expect(can(state, hierarchy, 'web', 'pids.max', '7'), 'nobody asked for that one').toBe('ENOENT');
      }
    });

    test('one after another, and once more for the next container', () => {
      for (const hierarchy of [v2, elsewhere()]) {
        const state = passed(hierarchy, 'web', ['pids', 'memory', 'pids']);
        expect(can(state, hierarchy, 'web', 'memory.max', '4096')).toBe('written');
        expect(can(state, hierarchy, 'web', 'pids.max', '7')).toBe('written');
      }
    });

    test('the container itself passes nothing on: it holds processes', () => {
      const state = passed(v2, 'web', ['memory']);
      const joined = joinCgroup(v2, 'web').do.map((deed) => carryOutInModel(state, deed).error);
      expect(joined, 'no process may be where controllers are passed on (cgroups(7))').toEqual([undefined]);
    });

    test('in v1 there is nothing to pass on: each cgroup has the controller', () => {
      for (const hierarchy of [v1, { ...v1, mount: '/mnt/v1', parent: '/mnt/v1/boxstep' }]) {
        const state = passed(hierarchy, 'web', ['memory']);
        expect(can(state, hierarchy, 'web', 'memory.limit_in_bytes', '8192')).toBe('written');
      }
      expect(passOn(v1, 'memory'), 'v1 has no cgroup.subtree_control').toEqual([]);
    });
  },
);
