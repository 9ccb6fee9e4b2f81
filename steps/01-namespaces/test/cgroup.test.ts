import { task } from 'grader';
import { expect, test } from 'vitest';
import { asShell, type Hierarchy, makeCgroup, passOn } from '../src/index.ts';

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
  controllers: ['cpu', 'memory'],
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
    const files = [['memory.max', 4096] as const, ['memory.swap.max', 'max'] as const];
    const made = (hierarchy: Hierarchy) => makeCgroup(hierarchy, 'web', 'a cgroup for web', ['memory', 'cpu'], files);

    test('the cgroup is made before there is a process, and says what it is for', () => {
      const { what, when } = made(v2);
      expect({ what, when }).toEqual({ what: 'a cgroup for web', when: 'before' });
    });

    test('in v2 every controller is passed on before a file of it is written', () => {
      const why = 'the kernel makes a controller’s files as it is passed on, one after another, from the root down';
      expect(made(v2).do.map(asShell), why).toEqual([
        'mkdir -p /sys/fs/cgroup/boxstep/web',
        'echo +memory > /sys/fs/cgroup/cgroup.subtree_control',
        'echo +memory > /sys/fs/cgroup/boxstep/cgroup.subtree_control',
        'echo +cpu > /sys/fs/cgroup/cgroup.subtree_control',
        'echo +cpu > /sys/fs/cgroup/boxstep/cgroup.subtree_control',
        'echo 4096 > /sys/fs/cgroup/boxstep/web/memory.max',
        'echo max > /sys/fs/cgroup/boxstep/web/memory.swap.max',
      ]);
    });

    test('in v1 the files are written into a cgroup of the hierarchy, and nothing is passed on', () => {
      const why = 'the container’s cgroup is cgroupPath(hierarchy, name), and its limits are for it alone';
      expect(made(v1).do.map(asShell), why).toEqual([
        'mkdir -p /sys/fs/cgroup/memory/boxstep/web',
        'echo 4096 > /sys/fs/cgroup/memory/boxstep/web/memory.max',
        'echo max > /sys/fs/cgroup/memory/boxstep/web/memory.swap.max',
      ]);
    });

    test('the cgroup is removed first, and then the one above it if no other container is left', () => {
      const why = 'a cgroup that holds another one can’t be removed, and boxstep/ was made with the container’s';
      expect(made(v1).undo.map(asShell), why).toEqual([
        'kill -KILL $(cat /sys/fs/cgroup/memory/boxstep/web/cgroup.procs); rmdir /sys/fs/cgroup/memory/boxstep/web',
        'rmdir --ignore-fail-on-non-empty /sys/fs/cgroup/memory/boxstep',
      ]);
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
    test('in v2 a controller is passed on from the root down', () => {
      const why = 'a cgroup can pass on only what its parent gave it, by "+cpu" in cgroup.subtree_control';
      expect(passOn(v2, 'cpu').map(asShell), why).toEqual([
        'echo +cpu > /sys/fs/cgroup/cgroup.subtree_control',
        'echo +cpu > /sys/fs/cgroup/boxstep/cgroup.subtree_control',
      ]);
    });

    test('in v1 there is nothing to pass on', () => {
      expect(passOn(v1, 'memory').map(asShell), 'v1 has no cgroup.subtree_control').toEqual([]);
    });
  },
);
