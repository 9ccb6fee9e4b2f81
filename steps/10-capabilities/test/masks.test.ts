import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  chmod,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_STRICTATIME,
  makedev,
  mkdir,
  mknod,
  mount,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openat,
  read,
  S_IFCHR,
} from 'shared-native';
import { directory, type Inode, model, type RunOptions, runIn, type State, wouldFail } from 'shared-native/model';
import { expect, test } from 'vitest';
import { at, image, machineFor, steppedOver, stopped } from '../../../test/judge.ts';
import { type Covered, cover, type Place } from '../src/masks.ts';

const file = (path: string): Place => ({ path, isDirectory: false });
const folder = (path: string): Place => ({ path, isDirectory: true });

task(
  4,
  {
    points: 20,
    hints: [
      'A file can only be covered by a file, a directory by a directory: mount("/dev/null", path, null, MS_BIND), or mount("tmpfs", path, "tmpfs", MS_RDONLY, …).',
      'Read-only takes two calls: mount(path, path, null, MS_BIND | MS_REC) makes the path a mount, and ignores MS_RDONLY; then mount(null, path, null, MS_REMOUNT | MS_BIND | MS_RDONLY | SAFE).',
      'Without MS_BIND a remount changes the whole filesystem: nobody could write to /proc any more. And it sets all flags anew: SAFE are those that /proc has.',
    ],
  },
  () => {
    const FILES = ['/proc/keys', '/proc/kcore', '/proc/interrupts', '/proc/timer_list'] as const;
    const FOLDERS = ['/proc/acpi', '/proc/scsi', '/sys/firmware'] as const;
    const READ_ONLY: Place[] = [
      folder('/proc/bus'),
      folder('/proc/fs'),
      folder('/proc/irq'),
      folder('/proc/sys'),
      file('/proc/sysrq-trigger'),
    ];
    const EVERYTHING: Covered = { masked: [...FILES.map(file), ...FOLDERS.map(folder)], readOnly: READ_ONLY };
    const some = (): Covered => ({
      masked: [file(seeded('task 4 file').pick(FILES)), folder(seeded('task 4 folder').pick(FOLDERS))],
      readOnly: [folder(seeded('task 4 read-only').pick(['/proc/bus', '/proc/sys']))],
    });
    const SAFE = MS_NOSUID | MS_NODEV | MS_NOEXEC;

    /** A container when this is done: with /proc, /sys and /dev, and a mount below /proc/sys. */
    const container = (): State => {
      const inside = `/srv/${seeded('task 4').word()}`;
      const state = machineFor({
        tree: image(inside, { '/proc': directory(), '/sys': directory(), '/dev': directory() }),
        inside,
      });
      const made = [
        mount('proc', '/proc', 'proc', SAFE),
        mount('sysfs', '/sys', 'sysfs', SAFE | MS_RDONLY),
        mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID | MS_STRICTATIME, 'mode=755'),
        mknod('/dev/null', S_IFCHR | 0o666, makedev(1, 3)),
        chmod('/dev/null', 0o666),
        mount('tmpfs', '/proc/sys/fs/binfmt_misc', 'tmpfs', SAFE),
        mkdir('/proc/sys/fs/binfmt_misc/below', 0o755),
      ];
      expect(stopped(runIn(state, made))).toBeUndefined();
      return state;
    };
    const run = (covered: Covered, options: RunOptions = {}) => model(container()).run(cover(covered), options);
    const ran = (covered: Covered): State => {
      const after = run(covered);
      expect(stopped(after), 'a call failed').toBeUndefined();
      return after.state;
    };
    const opens = (state: State, path: string, flags: number) => wouldFail(state, openat(AT_FDCWD, path, flags, 0o600));
    const cases = () => [EVERYTHING, some()];

    /** What a file gives to who reads it: nothing, or an error's name. */
    const content = (state: State, path: string): string | number | undefined => {
      const opened = openat(AT_FDCWD, path, O_RDONLY);
      const { answers, failed } = model(state).run([opened, read(opened, new Uint8Array(100))]);
      return failed?.error ?? answers.at(-1)?.result;
    };
    const original = (path: string): Inode | undefined => at(container(), path).inode;

    group('files have nothing in them', 5, () => {
      test('and can be read all the same', () => {
        for (const covered of cases()) {
          const state = ran(covered);
          for (const { path } of covered.masked.filter((one) => !one.isDirectory)) {
            expect(at(state, path).rdev, `${path} is /dev/null now, a bind mount`).toBe(makedev(1, 3));
            expect(content(state, path), path).toBe(0);
          }
        }
      });
    });

    group('directories have nothing in them', 5, () => {
      test('and nobody puts anything there', () => {
        for (const covered of cases()) {
          const state = ran(covered);
          for (const { path } of covered.masked.filter((one) => one.isDirectory)) {
            const { inode, filesystem } = at(state, path);
            expect(filesystem, `${path} is a filesystem of its own`).toBe('tmpfs');
            expect(inode?.entries.size).toBe(0);
            expect(opens(state, `${path}/new`, O_WRONLY | O_CREAT), 'it could be filled, with memory').toBe('EROFS');
          }
        }
      });
    });

    group('what is read-only', 6, () => {
      test('can be looked at, and not changed', () => {
        for (const covered of cases()) {
          const state = ran(covered);
          for (const { path } of covered.readOnly) expect(at(state, path).filesystem, 'it isn’t covered').toBe('proc');
          const isThere = (path: string) =>
            covered.readOnly.some((one) => path === one.path || path.startsWith(`${one.path}/`));
          for (const path of ['/proc/sys/kernel/panic', '/proc/sys/net/ipv4/ip_forward', '/proc/sysrq-trigger'].filter(
            isThere,
          )) {
            const why = 'a bind mount ignores MS_RDONLY: it takes a remount';
            expect(opens(state, path, O_WRONLY), why).toBe('EROFS');
          }
          if (isThere('/proc/sys/fs')) {
            expect(opens(state, '/proc/sys/kernel/hostname', O_RDONLY)).toBeUndefined();
            expect(at(state, '/proc/sys/fs/binfmt_misc/below').type, 'mounts below it are gone: MS_REC').toBe(
              'directory',
            );
          }
        }
      });

      test('has the flags that /proc has', () => {
        for (const covered of cases()) {
          const state = ran(covered);
          for (const { path } of covered.readOnly) {
            const why = 'a remount sets all flags anew';
            expect(at(state, path).flags, why).toMatch(/^ro,nosuid,nodev,noexec/);
          }
        }
      });
    });

    group('the rest stays as it is', 2, () => {
      test('a process can still write its own files in /proc, and nothing else is hidden', () => {
        for (const covered of cases()) {
          const state = ran(covered);
          const why = 'without MS_BIND, a remount makes the whole filesystem read-only';
          expect(opens(state, '/proc/self/oom_score_adj', O_RDWR), why).toBeUndefined();
          expect(at(state, '/proc/cpuinfo').inode?.name).toBe(original('/proc/cpuinfo')?.name);
          expect([at(state, '/proc/cpuinfo').filesystem, at(state, '/sys/class').filesystem]).toEqual([
            'proc',
            'sysfs',
          ]);
        }
        const { state } = run({ masked: [file('/proc/keys')], readOnly: [] });
        expect(at(state, '/proc/keys').rdev).toBe(makedev(1, 3));
        expect(opens(state, '/proc/sys/kernel/panic', O_WRONLY), 'only what is named').toBeUndefined();
      });
    });

    group('no error is passed over', 2, () => {
      test('a call that fails stops it, or it comes to the same end', () => {
        const whole = (state: State) =>
          [...EVERYTHING.masked, ...EVERYTHING.readOnly].map(({ path }) => {
            const { filesystem, flags, rdev, mountPoint } = at(state, path);
            return { path, filesystem, flags, rdev, mountPoint };
          });
        const wanted = whole(ran(EVERYTHING));
        expect(wanted[0]).toMatchObject({ rdev: makedev(1, 3) });
        const calls: Call[] = cover(EVERYTHING);
        const over = steppedOver(
          calls,
          (options) => run(EVERYTHING, options),
          (state) => expect(whole(state)).toEqual(wanted),
        );
        expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
      });
    });
  },
);
