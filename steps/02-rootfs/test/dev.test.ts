import { task } from 'grader';
import { asStrace, asText, type Call } from 'shared-native';
import { expect, test } from 'vitest';
import { devices, escapeChroot, mountPoint } from '../src/index.ts';

const texts = (calls: readonly Call[]) => calls.map(asText);

task(
  2,
  {
    points: 15,
    hints: [
      'Two calls: make the directory, and look whether it is one. That it was there already (EEXIST) is fine: tolerate(call, error).',
      'openat(AT_FDCWD, path, …) fails on what the flags rule out: O_DIRECTORY on a file, O_NOFOLLOW on a symbolic link. O_PATH opens without reading, O_CLOEXEC closes it at execve.',
    ],
  },
  () => {
    test('the directory is made with its mode, and one that is there already is fine', () => {
      const [made] = mountPoint('/proc', 0o555);
      expect(made && asStrace(made)).toBe('mkdir("/proc", 0555)');
      expect(made?.tolerates, 'nearly every image has a /proc: mkdir gives EEXIST').toBe('EEXIST');
    });

    test('it is then opened as a directory, following no symbolic link, and no error of that is fine', () => {
      const [, open, ...more] = mountPoint('/sys/fs', 0o755);
      const why = 'EEXIST also comes for a file, or a link that leads out of the image: look what is there';
      expect(open ? asText(open) : 'no second call', why).toMatch(/^openat\(AT_FDCWD, "\/sys\/fs", /);
      const [, flags = ''] = /, ([A-Z_|]+)\)$/.exec(open ? asText(open) : '') ?? [];
      const each = 'O_DIRECTORY refuses a file, O_NOFOLLOW a link; O_PATH reads nothing, O_CLOEXEC closes it at execve';
      expect(flags.split('|').toSorted(), each).toEqual(['O_CLOEXEC', 'O_DIRECTORY', 'O_NOFOLLOW', 'O_PATH']);
      expect(open?.tolerates, 'an error of this call is the answer that it is asked for').toBeUndefined();
      expect(texts(more)).toEqual([]);
    });
  },
);

task(
  3,
  {
    points: 25,
    hints: [
      'In order: a place to mount on (mountPoint), a tmpfs on it, a mknod for each of DEVICES, a symlink for each of LINKS, then /dev/pts and /dev/shm, each a mkdir and a mount. Object.entries gives names and values.',
      'mknod(path, S_IFCHR | 0o666, makedev(major, minor)); symlink(target, path): what it leads to comes first.',
      'The tmpfs: MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k". devpts: MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5". shm, also a tmpfs: MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=65536k", on a directory of 0o1777.',
    ],
  },
  () => {
    const inDev = () => texts(devices());
    const of = (...parts: string[]) => inDev().find((text) => parts.every((part) => text.includes(part)));
    const order = (...parts: string[]) => parts.map((part) => inDev().findIndex((text) => text.includes(part)));

    test('a tmpfs is mounted on /dev, which is first seen to be a directory', () => {
      expect(inDev().slice(0, 2), 'mountPoint makes and looks').toEqual(texts(mountPoint('/dev', 0o755)));
      const hides = 'a mount hides what was in the directory before: the tmpfs comes first';
      expect(inDev()[2], hides).toContain('mount("tmpfs", "/dev", "tmpfs", ');
      expect(inDev()[2], 'with MS_NODEV, no device in it could be opened').toBe(
        'mount("tmpfs", "/dev", "tmpfs", MS_NOSUID|MS_STRICTATIME, "mode=755,size=65536k")',
      );
    });

    test.each([
      ['null', 1, 3],
      ['zero', 1, 5],
      ['full', 1, 7],
      ['random', 1, 8],
      ['urandom', 1, 9],
      ['tty', 5, 0],
    ])('/dev/%s is the character device %i, %i, for everybody to read and write', (name, major, minor) => {
      const why = 'S_IFCHR makes a device, which its numbers tell from others; without it, a regular file';
      const made = `mknod("/dev/${name}", S_IFCHR|0666, makedev(${major}, ${minor}))`;
      expect(of('mknod(', `"/dev/${name}"`), why).toBe(made);
    });

    test('there is no device but these', () => {
      expect(devices().filter(({ name }) => name === 'mknod')).toHaveLength(6);
    });

    test.each([
      ['fd', '/proc/self/fd'],
      ['stdin', '/proc/self/fd/0'],
      ['stdout', '/proc/self/fd/1'],
      ['stderr', '/proc/self/fd/2'],
      ['ptmx', 'pts/ptmx'],
    ])('/dev/%s leads to %s', (name, target) => {
      const why = 'the first argument is what the link leads to, the second where it is';
      expect(of('symlink(', `"/dev/${name}"`), why).toBe(`symlink("${target}", "/dev/${name}")`);
    });

    test('terminals are of an instance of its own, which others may open by /dev/pts/ptmx', () => {
      const why = 'without newinstance its terminals could be the host’s; without ptmxmode only root could open one';
      expect(of('mount("devpts", "/dev/pts", "devpts", '), why).toContain(
        'MS_NOSUID|MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"',
      );
    });

    test('/dev/shm is memory that everybody may write to, and nobody run programs from', () => {
      expect(of('mount("shm", "/dev/shm", "tmpfs", '), 'a tmpfs, of mode 1777 as /tmp').toContain(
        'MS_NOSUID|MS_NODEV|MS_NOEXEC, "mode=1777,size=65536k"',
      );
    });

    test('what is mounted in /dev is mounted after /dev, on a directory that was made for it', () => {
      const wanted = order(
        '"/dev", "tmpfs"',
        'mkdir("/dev/pts", 0755)',
        '"devpts"',
        'mkdir("/dev/shm", 01777)',
        '"shm"',
      );
      expect(wanted, 'a call is missing: here is the place of each, and -1 for none').not.toContain(-1);
      expect(
        wanted.toSorted((a, b) => a - b),
        'mkdir, then mount, and all of it after the tmpfs: here are their places',
      ).toEqual(wanted);
    });
  },
);

task(
  4,
  {
    points: 15,
    hints: [
      'A process that is root may call chroot again. That moves its root, and leaves its working directory where it is.',
      'Go to "/", make a directory in /tmp (it may be there already), chroot into it. Now the working directory is above the root, and ".." goes on up.',
      'chdir("..") often enough: at the real root one more changes nothing. Then chroot(".").',
    ],
  },
  () => {
    const names = () => escapeChroot().map(({ name }) => name);

    test('a second chroot moves the root below the working directory, which stays outside', () => {
      const [first, ...rest] = texts(escapeChroot());
      expect(first, 'begin at "/", so that the new root will be below').toBe('chdir("/")');
      const made = rest.find((text) => text.startsWith('mkdir('));
      const [, directory = 'none'] = /^mkdir\("([^"]+)"/.exec(made ?? '') ?? [];
      const why = 'chroot into the directory that was made';
      expect(
        rest.find((text) => text.startsWith('chroot(')),
        why,
      ).toBe(`chroot("${directory}")`);
      const before = texts(escapeChroot()).slice(0, names().indexOf('chroot'));
      expect(
        before.filter((text) => text.startsWith('chdir(')),
        'whoever goes along is inside',
      ).toEqual(['chdir("/")']);
    });

    test('a directory that is there from the last time does not stop it', () => {
      const made = escapeChroot().find(({ name }) => name === 'mkdir');
      expect(made?.tolerates, 'mkdir gives EEXIST then').toBe('EEXIST');
    });

    test('it goes up as far as any path may be deep, by ".." alone', () => {
      const after = texts(escapeChroot()).slice(names().indexOf('chroot') + 1, -1);
      const why = 'an absolute path begins at the new root, and whoever goes there is inside; ".." begins here';
      expect([...new Set(after)], why).toEqual(['chdir("..")']);
      expect(after.length, 'nobody knows how deep: once too often does no harm').toBeGreaterThanOrEqual(16);
    });

    test('the root of the machine becomes its root', () => {
      const why = 'the working directory is out by now, and absolute paths are not';
      expect(texts(escapeChroot()).at(-1), why).toBe('chroot(".")');
    });
  },
);
