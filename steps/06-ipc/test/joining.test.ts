import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  chdir,
  chroot,
  exitGroup,
  fchdir,
  goOnInChild,
  mkdir,
  mount,
  O_DIRECTORY,
  openat,
} from 'shared-native';
import { directory, machine, model, runIn, type State, startAnother } from 'shared-native/model';
import type { Namespace, Plan } from 'step-01';
import { plan as step01 } from 'step-01';
import { read, plan as step04 } from 'step-04';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, image, made, steppedOver, stopped, V2 } from '../../../test/judge.ts';
import { differing, type NamespaceIds, wayIn } from '../src/index.ts';

const KINDS: Namespace[] = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

task(
  2,
  {
    points: 15,
    hints: [
      'KINDS.filter(…): a kind is wanted if both have it, and the two texts are not the same.',
      'theirs[kind] is undefined where the kernel has no such namespaces; then there is nothing to enter.',
    ],
  },
  () => {
    const any = () => seeded('task 2');
    const ids = (of: (kind: Namespace, nth: number) => string | undefined): NamespaceIds =>
      Object.fromEntries(KINDS.flatMap((kind, nth) => [[kind, of(kind, nth)]]).filter(([, id]) => id !== undefined));
    const host = ids((kind, nth) => `${kind}:[${4026531830 + nth}]`);

    test('the namespaces that are not the same, and no others', () => {
      const random = any();
      for (let n = 0; n < 50; n++) {
        const others = KINDS.filter(() => random.integer(0, 1) === 1);
        const theirs = ids((kind, nth) => `${kind}:[${(others.includes(kind) ? 4026539000 : 4026531830) + nth}]`);
        expect(differing(theirs, host).toSorted(), 'by their whole text, as /proc/PID/ns says it').toEqual(others);
      }
      expect(differing(host, host)).toEqual([]);
    });

    test('two that differ in a digit are two', () => {
      const theirs = { ...host, ipc: `${host.ipc?.slice(0, -2)}9]`, net: host.net?.replace('[4', '[14') };
      expect(differing(theirs as NamespaceIds, host).toSorted()).toEqual(['ipc', 'net']);
    });

    test('a kind of namespace that the kernel lacks is not entered', () => {
      const { user, ...without } = host;
      expect(user).toBeDefined();
      const theirs = ids((kind) => `${kind}:[1]`);
      expect(differing(theirs, without), 'this process has none of that kind').not.toContain('user');
      expect(differing(without, theirs), 'that process has none of that kind').not.toContain('user');
    });
  },
);

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(`${tmpdir()}/boxstep-joining-`);
});
afterAll(() => rmSync(rootfs, { recursive: true }));

task(
  3,
  {
    points: 25,
    hints: [
      'pidfdOpen(pid), then setns(process, cloneFlags(namespaces)): all at once, by one descriptor.',
      'After that, the root is the mount namespace’s: in step 1’s container, the host’s. Open root in /proc/PID (O_PATH | O_DIRECTORY | O_CLOEXEC) before; afterwards /proc is another.',
      'chroot takes a path: go to the directory with fchdir, then chroot(".").',
    ],
  },
  () => {
    /** A host on which a container runs: step 1’s, which is chroot’ed, or step 4’s. */
    function host(kind: 'chroot' | 'pivot_root'): { state: State; container: State['process'] } {
      const name = seeded('task 3').word();
      const tree = image(rootfs, { '/proc': directory() });
      const options = { ...read({ name }, [rootfs, 'sh']), hierarchies: V2, pipes: [], limits: {}, ulimits: [] };
      const plan: Plan = kind === 'chroot' ? step01(options) : step04(options);
      const { state } = made(plan, { tree }, 'leave');
      const container = state.process;
      startAnother(state);
      return { state, container };
    }

    function gone(kind: 'chroot' | 'pivot_root', namespaces: readonly Namespace[]) {
      const { state, container } = host(kind);
      const after = runIn(state, wayIn(container.hostPid, namespaces, kind === 'chroot'));
      expect(stopped(after), 'a call failed').toBeUndefined();
      return { state, container };
    }

    const SOME: Namespace[] = ['mnt', 'pid', 'uts'];

    /** What a process in step 1's container can do: it climbs out of its root, hides /proc there, and goes back. */
    function hidesProc(): Call[] {
      const root = openat(AT_FDCWD, '/', O_DIRECTORY);
      const up = Array.from({ length: 8 }, () => chdir('..'));
      const hidden = mount('tmpfs', 'proc', 'tmpfs', 0);
      return [root, mkdir('/below'), chroot('/below'), ...up, hidden, fchdir(root), chroot('.')];
    }

    /** Makes calls as another process than the one whose turn it is. */
    function as(state: State, process: State['process'], calls: readonly Call[]): void {
      const { process: before } = state;
      Object.assign(state, { process });
      expect(stopped(runIn(state, calls))).toBeUndefined();
      Object.assign(state, { process: before });
    }

    group('its namespaces', 9, () => {
      test('are those that were named, and no others', () => {
        for (const kind of ['chroot', 'pivot_root'] as const) {
          for (const namespaces of [SOME, ['mnt', 'pid'] as Namespace[]]) {
            const { state, container } = gone(kind, namespaces);
            const { process, parent } = state;
            expect(process.namespaces.mnt.id, 'its mounts').toBe(container.namespaces.mnt.id);
            expect(process.pidForChildren.id, 'its processes: for children').toBe(container.namespaces.pid.id);
            const uts = namespaces.includes('uts') ? container : parent;
            expect(process.namespaces.uts.id, namespaces.join()).toBe(uts.namespaces.uts.id);
            expect(process.namespaces.net.id).toBe(parent.namespaces.net.id);
          }
        }
      });

      test('and a child is born there', () => {
        const { state, container } = gone('pivot_root', SOME);
        expect(runIn(state, goOnInChild()).end).toBe('done');
        expect(state.process.namespaces.pid.id).toBe(container.namespaces.pid.id);
        expect(model(state).run([exitGroup(0)]).end).toBe('exited');
      });

      test('a user namespace is entered once, and first: it can’t be entered again', () => {
        const state = machine({ clone: CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS });
        const container = state.process;
        startAnother(state);
        const after = runIn(state, wayIn(container.hostPid, ['user', ...SOME], false));
        expect(stopped(after), 'a call failed').toBeUndefined();
        expect(state.process.namespaces.user.id).toBe(container.namespaces.user.id);
        expect(state.process.namespaces.uts.id).toBe(container.namespaces.uts.id);
      });
    });

    group('its root', 12, () => {
      test.each(['chroot', 'pivot_root'] as const)(
        'where the way in was %s, / is what the container has there',
        (kind) => {
          const { state, container } = gone(kind, SOME);
          expect(state.process.root.inode, 'not the mount namespace’s, if the container changed its own alone').toBe(
            container.root.inode,
          );
          expect(at(state, '/etc/hostname').text, 'the image’s file').toBe('image');
          expect(at(state, '.').path, 'and the working directory is in it, or ".." would lead out').toBeDefined();
          expect(state.process.cwd.inode, 'at its top').toBe(container.root.inode);
        },
      );

      test('is found on the host, and not through the container’s /proc', () => {
        const { state, container } = host('chroot');
        as(state, container, hidesProc());
        expect(stopped(runIn(state, wayIn(container.hostPid, SOME, true))), 'a call failed').toBeUndefined();
        expect(state.process.root.inode, 'open /proc/PID/root before setns').toBe(container.root.inode);
      });
    });

    group('no error is passed over', 4, () => {
      test.each(['chroot', 'pivot_root'] as const)(
        'a call that fails stops the program, or it comes to the same end: %s',
        (kind) => {
          const { state, container } = host(kind);
          const calls = wayIn(container.hostPid, SOME, kind === 'chroot');
          expect(calls.length, 'there must be calls').toBeGreaterThan(0);
          const end = ({ process }: State) => [
            process.namespaces.mnt.id,
            process.root.inode.ino,
            process.cwd.inode.ino,
          ];
          const wanted = end(model(state).run(calls).state);
          const over = steppedOver(
            calls,
            (options) => model(state).run(calls, options),
            (state) => expect(end(state)).toEqual(wanted),
          );
          expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
        },
      );
    });
  },
);
