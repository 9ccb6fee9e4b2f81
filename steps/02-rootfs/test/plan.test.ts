import { group, seeded, task } from 'grader';
import {
  asText,
  type Call,
  chdir,
  closeRange,
  MS_BIND,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  mount,
} from 'shared-native';
import { directory, type Machine, model, type State } from 'shared-native/model';
import { inOrder, type Stage } from 'step-01';
import { expect, test } from 'vitest';
import { at, image, machineFor, made, steppedOver, stopped, wayOut } from '../../../test/judge.ts';
import { type Options, pivotInto, plan } from '../src/index.ts';

const options: Options = {
  name: 'web',
  hostname: 'web',
  domainname: '',
  rootfs: '/srv/my image',
  archive: undefined,
  command: ['sh'],
  pidsLimit: 100,
  hierarchies: [
    {
      version: 2,
      mount: '/sys/fs/cgroup',
      parent: '/sys/fs/cgroup/boxstep',
      controllers: ['pids'],
      readOnly: false,
    },
  ],
  readOnly: false,
};
const texts = (calls: readonly Call[]) => calls.map(asText);

test('pivot_root takes the place of chroot', () => {
  const names = inOrder(plan(options).program).map(({ name }) => name);
  expect(names).toContain('pivot_root');
  expect(names).not.toContain('chroot');
});

task(
  1,
  {
    points: 25,
    hints: [
      'pivot_root takes nothing but a mount: in setup, bind the directory onto itself, with all that is mounted in it (MS_BIND | MS_REC).',
      'Before the way in, take hold of the old root: openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC). A call can be an argument of another: fchdir(hostRoot).',
      'enter: hold the root, chdir into the new one, pivotRoot(".", "."), fchdir back to the old one. leave: umount2(".", MNT_DETACH) takes it away, and chdir("/").',
    ],
  },
  () => {
    const word = () => seeded('task 1').word();
    /** Places of a root filesystem, and what else the machine has mounted. */
    const machines: [string, string, Machine][] = [
      ['a directory', '/srv/my image', {}],
      ['deep down, on a machine whose mounts are private', `/var/lib/${word()}/rootfs`, { shared: false }],
      ['with more mounts in it', `/mnt/${word()}`, {}],
    ];
    const prepared = (rootfs: string, on: Machine): Machine => {
      const tree = { ...image(rootfs, { '/data': directory() }), ...on.tree };
      const mounts = rootfs.startsWith('/mnt/') ? [{ type: 'tmpfs', at: `${rootfs}/tmp` }] : [];
      return {
        hierarchies: options.hierarchies,
        ...on,
        tree,
        mounts: [...mounts, { type: 'tmpfs', at: `${rootfs}/data` }],
      };
    };
    const through = (stage: Stage | undefined, rootfs: string, on: Machine) => {
      const modelled = made(plan({ ...options, rootfs }), prepared(rootfs, on), stage);
      expect(stopped(modelled), 'a call failed').toBeUndefined();
      return modelled.state;
    };

    group('the way in', 10, () => {
      test.each(machines)('while setup runs, the process sees the host: %s', (_, rootfs, on) => {
        const state = through('setup', rootfs, on);
        const why = 'what other steps do in setup is done on the host’s files: the way in is enter';
        expect(at(state, '/etc/hostname').text, why).toBe('host\n');
      });

      test.each(machines)(
        'then absolute paths are the container’s, and relative ones still the host’s: %s',
        (_, rootfs, on) => {
          const state = through('enter', rootfs, on);
          expect(at(state, '/etc/hostname').text, 'pivot_root takes nothing but a mount').toBe('image');
          const held =
            'later steps mount what is the host’s: hold its root before pivot_root, and fchdir there after it';
          expect(at(state, 'etc/hostname').text, held).toBe('host\n');
        },
      );
    });

    group('no way back', 5, () => {
      test.each(machines)('nothing of the host’s can be reached in the end: %s', (_, rootfs, on) => {
        const state = through(undefined, rootfs, on);
        const why = 'the host’s files are there until umount2, and busy, so that it takes MNT_DETACH; then chdir("/")';
        expect(wayOut(state), why).toBeUndefined();
        expect(at(state, '.').path, 'and its working directory is its own root').toBe('/');
        expect(at(state, '/etc/hostname').text).toBe('image');
      });
    });

    group('no error is passed over', 5, () => {
      test.each(machines)('a call that fails stops the program, or it comes to the same end: %s', (_, rootfs, on) => {
        // It may begin in any directory: pivot_root(".", ".") would take that of a mount, such as this one.
        const before = [mount(null, '/', null, MS_REC | MS_PRIVATE), mount('tmpfs', '/tmp', 'tmpfs'), chdir('/tmp')];
        const over = (calls: readonly Call[], isRight: (state: State) => void, ...then: Call[]) =>
          steppedOver(
            calls,
            ({ fail }) =>
              model(machineFor(prepared(rootfs, on))).run([...before, ...calls, ...then], {
                fail: (call, nth) => fail?.(call, nth - before.length),
              }),
            isRight,
          );
        const { setup, enter, leave } = pivotInto(rootfs);
        const inside = over([...setup, ...enter], (state) => {
          expect(at(state, '/etc/hostname').text).toBe('image');
          expect(at(state, 'etc/hostname').text).toBe('host\n');
        });
        const left = over(
          [...setup, ...enter, ...leave],
          (state) => {
            expect(wayOut(state)).toBeUndefined();
            expect(at(state, '/etc/hostname').text).toBe('image');
            expect([at(state, '.').path, at(state, '/data').filesystem]).toEqual(['/', 'tmpfs']);
          },
          closeRange(3, 0xffff_ffff, 0), // as execve does
        );
        const why = 'tolerate() is for an error after which all is as it should be';
        expect([...inside, ...left], why).toEqual([]);
      });
    });

    group('with all that is mounted in it', 5, () => {
      test.each(machines)('what is mounted below the root is in the container: %s', (_, rootfs, on) => {
        const state = through(undefined, rootfs, on);
        expect(at(state, '/data').filesystem, 'MS_REC takes along the mounts below it').toBe('tmpfs');
      });
    });
  },
);

test('every place that is mounted on is first seen to be a directory, and no symbolic link', () => {
  const inside = texts(plan(options).program.inside);
  for (const place of ['/proc', '/sys', '/dev']) {
    const looked = inside.findIndex((text) => text.startsWith(`openat(AT_FDCWD, "${place}"`));
    const mounted = inside.findIndex((text) => text.startsWith('mount(') && text.includes(`, "${place}", `));
    expect(inside[looked]).toContain('O_NOFOLLOW');
    expect(looked).toBeLessThan(mounted);
  }
});

test('/sys may only be read', () => {
  expect(texts(plan(options).program.inside)).toContainEqual(expect.stringMatching(/^mount\("sysfs", .*MS_RDONLY/));
});

test('--read-only comes last, when everything in the root is made', () => {
  const { leave } = plan({ ...options, readOnly: true }).program;
  expect(leave.at(-1)).toEqual(mount(null, '/', null, MS_REMOUNT | MS_BIND | MS_RDONLY));
});
