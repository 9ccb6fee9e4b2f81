import { task } from 'grader';
import { asText, type Call, MS_BIND, MS_RDONLY, MS_REMOUNT, mount } from 'shared-native';
import { inOrder } from 'step-01';
import { expect, test } from 'vitest';
import { type Options, plan } from '../src/index.ts';

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
  terminal: undefined,
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
    test('the root is bound onto itself first: pivot_root takes nothing but a mount', () => {
      const bound = texts(plan(options).program.setup).find((text) => text.includes('/srv/my image'));
      const why = 'MS_BIND makes a mount of a directory, and MS_REC takes along what is mounted in it';
      expect(bound, why).toBe('mount("/srv/my image", "/srv/my image", NULL, MS_BIND|MS_REC, NULL)');
    });

    test('the process goes through pivot_root holding the host’s root, and lets go of it when all is mounted', () => {
      const { enter, leave } = plan(options).program;
      const why = 'the host’s root is opened before pivot_root; while files are mounted, it is the working directory';
      expect(texts(enter), why).toEqual([
        'openat(AT_FDCWD, "/", O_DIRECTORY|O_CLOEXEC|O_PATH)',
        'chdir("/srv/my image")',
        'pivot_root(".", ".")',
        'fchdir(<openat(AT_FDCWD, "/", O_DIRECTORY|O_CLOEXEC|O_PATH)>)',
      ]);
      const gone = 'the host’s files are there until umount2, and busy, so that it takes MNT_DETACH';
      expect(texts(leave), gone).toEqual(['umount2(".", MNT_DETACH)', 'chdir("/")']);
    });

    test('it goes back to the root that it opened before, and opens no other', () => {
      const { enter } = plan(options).program;
      const { fd } = enter.at(-1)?.args ?? {};
      const never = fd?.kind === 'result' && !enter.includes(fd.of) ? [fd.of] : [];
      const why = 'this call is an argument, and is never made: one call is one value, in enter and in fchdir';
      expect(texts(never), why).toEqual([]);
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

test('/dev/console is there only with a terminal', () => {
  const consoleOf = (terminal: string | undefined) =>
    texts(plan({ ...options, terminal }).program.inside).filter((text) => text.includes('/dev/console'));
  expect(consoleOf(undefined)).toEqual([]);
  expect(consoleOf('/dev/pts/7')).toHaveLength(3);
});
