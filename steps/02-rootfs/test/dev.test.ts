import { group, seeded, task } from 'grader';
import { AT_FDCWD, type Call, chdir, chroot, makedev, mkdir, O_NOCTTY, O_RDWR, openat, umask } from 'shared-native';
import {
  directory,
  file,
  leadsTo,
  link,
  model,
  type RunOptions,
  type State,
  type Tree,
  wouldFail,
} from 'shared-native/model';
import { describe, expect, test } from 'vitest';
import { at, image, machineFor, steppedOver, stopped } from '../../../test/judge.ts';
import { devices, escapeChroot, mountPoint } from '../src/index.ts';

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
    /** What comes of a mount point on a machine that has these files. */
    const ran = (tree: Tree, path: string, mode = 0o755) =>
      model(machineFor({ tree, umask: 0 })).run(mountPoint(path, mode));
    const places = () => ['/proc', `/${seeded('task 2').word()}`, `/srv/${seeded('task 2 below').word()}`];
    const srv = { '/srv': directory() };

    group('the directory is there afterwards', 7, () => {
      test.each([0o555, 0o755, 0o700])('made with the mode that is asked for: %o', (mode) => {
        for (const path of places().slice(1)) {
          const after = ran(srv, path, mode);
          expect(stopped(after), 'nothing is there: it has to be made').toBeUndefined();
          expect(at(after.state, path), path).toMatchObject({ type: 'directory', mode });
        }
      });

      test('and if it was there already, as in nearly every image, it is as it was', () => {
        for (const path of places().slice(1)) {
          const after = ran({ ...srv, [path]: directory({ mode: 0o711 }) }, path);
          expect(stopped(after), 'mkdir gives EEXIST for a directory that is there: that is fine').toBeUndefined();
          expect(at(after.state, path)).toMatchObject({ type: 'directory', mode: 0o711 });
        }
      });
    });

    group('what is no directory stops the program', 8, () => {
      // Otherwise the mount that follows would go wherever a link in the image leads.
      const elsewhere = { ...srv, '/srv/elsewhere': directory(), '/srv/file': 'text' };
      test.each<[string, Tree[string]]>([
        ['a symbolic link to a directory', link('/srv/elsewhere')],
        ['a relative one', link('srv/elsewhere')],
        ['one that leads nowhere', link('/srv/nothing')],
        ['one to a file', link('/srv/file')],
        ['a file', file('text')],
        ['a device', { type: 'character', mode: 0o666, rdev: makedev(1, 3) }],
      ])('%s', (_, what) => {
        for (const path of places().slice(1)) {
          const after = ran({ ...elsewhere, [path]: what }, path);
          const why = 'EEXIST also comes for a file, or for a link that leads out of the image: look what is there';
          expect(after.end, why).toBe('failed');
          expect(leadsTo(after.state, path, false), 'and it is left as it was').toMatchObject({ type: typeOf(what) });
          expect(at(after.state, '/srv/nothing').error, 'nothing is made where the link leads').toBe('ENOENT');
        }
      });
    });
  },
);

function typeOf(what: Tree[string]): string {
  return typeof what === 'string' ? 'file' : what.type;
}

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
    /** The container as it is when its /dev is made: in the image, with its own /proc, and the umask that the plan sets. */
    const ran = (dev: Tree = {}, { fail }: RunOptions = {}) => {
      const root = `/srv/${seeded('task 3').word()}`;
      const tree = image(root, { '/proc': directory(), ...dev });
      const options = fail ? { fail: (call: Call, nth: number) => fail(call, nth - 1) } : {};
      return model(machineFor({ tree, inside: root })).run([umask(0), ...devices()], options);
    };
    /** On an image without a /dev, with an empty one, and with one that holds something. */
    const images: Tree[] = [{}, { '/dev': directory() }, { '/dev/null': 'a file', '/dev/vda': 'another' }];
    const states = () =>
      images.map((dev) => {
        const after = ran(dev);
        expect(stopped(after), 'a call failed').toBeUndefined();
        return after.state;
      });

    group('devices', 6, () => {
      test.each([
        ['null', 1, 3],
        ['zero', 1, 5],
        ['full', 1, 7],
        ['random', 1, 8],
        ['urandom', 1, 9],
        ['tty', 5, 0],
      ])('/dev/%s is the character device %i, %i, which everybody may read and write', (name, major, minor) => {
        for (const state of states()) {
          const why = 'S_IFCHR makes a device, which its numbers tell from others, major first; umask is 0 here';
          const device = { type: 'character', rdev: makedev(major, minor), mode: 0o666 };
          expect(at(state, `/dev/${name}`), why).toMatchObject(device);
          const open = openat(AT_FDCWD, `/dev/${name}`, O_RDWR | O_NOCTTY);
          const refused = name === 'tty' ? 'ENXIO' : undefined; // this process has no terminal
          expect(wouldFail(state, open), 'on a mount with MS_NODEV no device can be opened').toBe(refused);
        }
      });

      test('there are no devices but these, and none of the image’s or the host’s', () => {
        for (const state of states()) {
          const names = [...(at(state, '/dev').inode?.entries.keys() ?? [])].toSorted();
          const wanted = ['fd', 'full', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty'];
          expect(names, 'a tmpfs hides the files below it').toEqual([...wanted, 'urandom', 'zero']);
          expect(at(state, '/dev')).toMatchObject({ filesystem: 'tmpfs', mountPoint: '/dev', mode: 0o755 });
          expect(at(state, '/dev').flags, 'no program in it is set-user-ID').toContain('nosuid');
          expect(at(state, '/dev').options, 'without a size it could take half of the memory').toContain('size=65536k');
        }
      });
    });

    group('links', 4, () => {
      test.each([
        ['fd', '/proc/self/fd'],
        ['stdin', '/proc/self/fd/0'],
        ['stdout', '/proc/self/fd/1'],
        ['stderr', '/proc/self/fd/2'],
        ['ptmx', '/dev/pts/ptmx'],
      ])('/dev/%s leads to %s', (name, target) => {
        for (const state of states()) {
          expect(leadsTo(state, `/dev/${name}`, false), 'symlink(target, path)').toMatchObject({ type: 'symlink' });
          const why = 'the first argument is what the link leads to, the second where it is';
          expect(at(state, `/dev/${name}`).inode === at(state, target).inode, why).toBe(true);
          expect(at(state, `/dev/${name}`).error).toBeUndefined();
        }
      });
    });

    group('terminals', 6, () => {
      const terminal = [openat(AT_FDCWD, '/dev/ptmx', O_RDWR | O_NOCTTY)];
      test('are of an instance of its own, in which the first is number 0', () => {
        for (const state of states()) {
          const { flags = '', filesystem, inode } = at(state, '/dev/pts');
          expect(filesystem, 'a devpts is mounted there').toBe('devpts');
          expect(flags).toMatch(/nosuid.*noexec/);
          const hosts = [...state.mounts].filter((mount) => mount.filesystem.type === 'devpts');
          expect(hosts.filter((mount) => mount.filesystem === inode?.filesystem)).toHaveLength(1);
        }
      });

      test('and anybody may open one, which then has the group tty (5) and the mode 620', () => {
        for (const state of states()) {
          expect(at(state, '/dev/pts/ptmx').mode, 'without ptmxmode only root could open one').toBe(0o666);
          const after = model(state).run(terminal);
          expect(stopped(after)).toBeUndefined();
          expect(at(after.state, '/dev/pts/0')).toMatchObject({ gid: 5, mode: 0o620 });
        }
      });
    });

    group('shared memory', 3, () => {
      test('everybody may write to /dev/shm, and nobody run programs from there', () => {
        for (const state of states()) {
          const shm = at(state, '/dev/shm');
          expect(shm, 'a tmpfs, of mode 1777 as /tmp').toMatchObject({ filesystem: 'tmpfs', mode: 0o1777 });
          expect(shm.mountPoint, 'a mount of its own, so that its size is its own').toBe('/dev/shm');
          expect(shm.flags).toMatch(/nosuid.*nodev.*noexec/);
          expect(shm.options).toContain('size=65536k');
        }
      });
    });

    group('what fails is not passed over', 3, () => {
      test('a call that fails stops the program, or /dev is the same without it', () => {
        for (const dev of images) {
          const { state } = ran(dev);
          expect(at(state, '/dev/zero').type, 'of nothing, nothing can fail').toBe('character');
          const wanted = whole(state);
          const over = steppedOver(
            devices(),
            (options) => ran(dev, options),
            (after) => expect(whole(after)).toEqual(wanted),
          );
          expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
        }
      });

      /** All of /dev: what is there, of which kind, mounted how. */
      function whole(state: State) {
        const names = [...(at(state, '/dev').inode?.entries.keys() ?? [])].toSorted();
        const paths = ['/dev', ...names.map((name) => `/dev/${name}`), '/dev/pts/ptmx'];
        return paths.map((path) => {
          const { type, mode, rdev, filesystem, flags, options, mountPoint, error } = at(state, path);
          return { path, type, mode, rdev, filesystem, flags, options, mountPoint, error };
        });
      }
    });

    group('a link in the image leads nowhere', 3, () => {
      test.each(['/etc', '/nothing', 'tmp'])('where /dev is a link to %s, the program stops', (target) => {
        const after = ran({ '/dev': link(target) });
        expect(after.end, 'mountPoint makes the place and looks at it').toBe('failed');
        expect(at(after.state, '/etc').filesystem, 'and nothing is mounted there').toBe('ext4');
        expect(at(after.state, '/etc/null').error).toBe('ENOENT');
      });
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
    const jail = (depth: number) =>
      `/${Array.from({ length: depth }, (_, nth) => `${seeded('task 4').word(4)}${nth}`).join('/')}`;
    /** A process that is locked up in a directory by chroot, and then makes its escape. */
    const escaped = (root: string, more: Tree = {}, before: readonly Call[] = []) =>
      model(machineFor({ tree: image(root, more) })).run([chroot(root), chdir('/'), ...before, ...escapeChroot()]);

    describe.each([
      ['near the root', 1],
      ['deep down', 14],
    ])('%s', (_, depth) => {
      test('the root of the machine becomes its root', () => {
        const after = escaped(jail(depth));
        expect(stopped(after), 'a call failed').toBeUndefined();
        const why = 'once it is above its root, ".." leads on up; an absolute path begins at the root again';
        expect(hostSeen(after.state), why).toEqual(['root:*\n', 'host\n']);
      });

      test('a directory that is there from the last time does not stop it', () => {
        const after = escaped(jail(depth), {}, tmpOfEscape());
        expect(stopped(after), 'mkdir gives EEXIST then').toBeUndefined();
        expect(hostSeen(after.state)).toEqual(['root:*\n', 'host\n']);
      });
    });

    test('a call that fails stops it, or it gets out all the same', () => {
      const root = jail(3);
      const before = [chroot(root), chdir('/')];
      const over = steppedOver(
        escapeChroot(),
        ({ fail }) =>
          model(machineFor({ tree: image(root) })).run([...before, ...escapeChroot()], {
            fail: (call, nth) => fail?.(call, nth - before.length),
          }),
        (state) => expect(hostSeen(state)).toEqual(['root:*\n', 'host\n']),
      );
      expect(over, 'tolerate() is for an error after which the next calls still work').toEqual([]);
    });

    test('it can be made twice, and from any working directory', () => {
      const root = jail(3);
      const after = escaped(root, { '/srv/a/b': directory() }, [chdir('/srv/a/b')]);
      expect(stopped(after)).toBeUndefined();
      expect(hostSeen(after.state)).toEqual(['root:*\n', 'host\n']);
      const again = model(after.state).run([chroot(root), chdir('/'), ...escapeChroot()]);
      expect(stopped(again), 'the directory from the first time still exists').toBeUndefined();
      expect(hostSeen(again.state)).toEqual(['root:*\n', 'host\n']);
    });

    /** What the process reads at these paths: the machine's own, or the image's. */
    function hostSeen(state: State) {
      return ['/etc/shadow', '/etc/hostname'].map((path) => at(state, path).text);
    }

    /** Whatever directory a solution makes, it is there before. */
    function tmpOfEscape(): Call[] {
      return escapeChroot().filter(({ name }) => name === mkdir('/x').name);
    }
  },
);
