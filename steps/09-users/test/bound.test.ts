import { group, seeded, task } from 'grader';
import {
  AT_FDCWD,
  type Call,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  chdir,
  close,
  fchdir,
  MNT_DETACH,
  MS_BIND,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  makedev,
  mknod,
  mount,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOCTTY,
  O_PATH,
  O_RDWR,
  openat,
  pivotRoot,
  S_IFCHR,
  setresgid,
  setresuid,
  umount2,
} from 'shared-native';
import { leadsTo, type RunOptions, runIn, type State, type Tree, wouldFail } from 'shared-native/model';
import { expect, test } from 'vitest';
import { at, image, machineFor, steppedOver, stopped, wayOut } from '../../../test/judge.ts';
import { bindDevice } from '../src/bound.ts';

const map = [{ inside: 0, outside: 100_000, length: 65_536 }];

/**
 * A container as it is in the stage `inside`: its root is the image, with an empty /dev, and the working directory is
 * still the host's root.
 */
function entered(more: Tree = {}): State {
  const root = `/srv/${seeded('task 4').word()}`;
  const state = machineFor({
    clone: CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID,
    uidMap: map,
    gidMap: map,
    tree: { ...image(root, { '/dev': { type: 'directory' }, '/srv': { type: 'directory' } } as Tree), ...more },
  });
  const old = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
  const after = runIn(state, [
    ...[setresgid(0, 0, 0), setresuid(0, 0, 0)],
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    mount(root, root, null, MS_BIND | MS_REC),
    ...[old, chdir(root), pivotRoot('.', '.'), fchdir(old), close(old)],
    mount('tmpfs', '/dev', 'tmpfs', MS_NOSUID, 'mode=755'),
    mount('tmpfs', '/srv', 'tmpfs', MS_NOSUID, 'mode=755'),
  ]);
  expect(stopped(after), 'the container is entered').toBeUndefined();
  return after.state;
}

/** And then the devices are bound. */
function bound(devices: readonly (readonly [string, string?])[], { fail }: RunOptions = {}, more: Tree = {}) {
  const calls = devices.flatMap(([path, target]) => bindDevice(path, target));
  return runIn(entered(more), calls, fail ? { fail } : {});
}

/** The host's tree is let go of, as the stage `leave` has it. */
const left = (state: State) => runIn(state, [umount2('.', MNT_DETACH), chdir('/')]).state;

const NULL = makedev(1, 3);
const opens = (path: string) => openat(AT_FDCWD, path, O_RDWR | O_NOCTTY);

task(
  4,
  {
    points: 30,
    hints: [
      'mknod is EPERM in a user namespace. mount(source, target, null, MS_BIND) shows at the target what is at the source: a file on a file.',
      'There is nothing at the target yet, and a mount needs something to be on: openat with O_CREAT makes an empty file. Then it is closed again.',
      'In this stage the working directory is still the host’s root. So "dev/null" is the host’s, and "/dev/null" the container’s.',
    ],
  },
  () => {
    group('the device is there', 14, () => {
      test('at its place, with its numbers, and it can be opened', () => {
        expect(wouldFail(entered(), mknod('/dev/null', S_IFCHR | 0o666, NULL)), 'to make one is refused').toBe('EPERM');
        const after = bound([['/dev/null'], ['/dev/urandom'], ['/dev/zero']]);
        expect(stopped(after), 'a call failed').toBeUndefined();
        const state = left(after.state);
        const why = 'a relative source is the host’s here, an absolute one what the container has';
        for (const [name, minor] of [
          ['null', 3],
          ['urandom', 9],
          ['zero', 5],
        ] as const) {
          expect(at(state, `/dev/${name}`), why).toMatchObject({ type: 'character', rdev: makedev(1, minor) });
          expect(wouldFail(state, opens(`/dev/${name}`)), `/dev/${name} can be opened`).toBeUndefined();
        }
      });

      test('is the host’s own, not another', () => {
        const { state } = bound([['/dev/zero']]);
        expect(at(state, '/dev/zero').inode === at(state, 'dev/zero').inode, 'one device, seen at two places').toBe(
          true,
        );
      });

      test('may have another name there, and another place', () => {
        const any = seeded('task 4, names');
        const [name, other] = [any.word(), any.word(7)];
        const tree: Tree = { [`/srv/host-${name}`]: { type: 'character', mode: 0o666, rdev: makedev(10, 229) } };
        const after = bound(
          [
            [`/srv/host-${name}`, `/dev/${other}`],
            ['/dev/full', `/srv/${name}`],
          ],
          {},
          tree,
        );
        expect(stopped(after), 'the second argument says where').toBeUndefined();
        const state = left(after.state);
        expect(at(state, `/dev/${other}`)).toMatchObject({ type: 'character', rdev: makedev(10, 229) });
        expect(at(state, `/srv/${name}`)).toMatchObject({ type: 'character', rdev: makedev(1, 7) });
        expect(at(state, '/dev/full').error, 'only where it was asked for').toBe('ENOENT');
        expect(at(state, `/dev/${name}`).error).toBe('ENOENT');
      });
    });

    group('and nothing else', 8, () => {
      test('no other device, and no way to the host’s files', () => {
        const { state } = bound([['/dev/null'], ['/dev/tty']]);
        expect(at(state, '/dev/null').type).toBe('character');
        const after = left(state);
        expect([...(at(after, '/dev').inode?.entries.keys() ?? [])].toSorted()).toEqual(['null', 'tty']);
        expect(at(after, '/dev/vda').error, 'the host’s disk is none of it').toBe('ENOENT');
        expect(wayOut(after), 'the host can’t be reached').toBeUndefined();
      });

      test('a descriptor that is still open leads nowhere of the host’s', () => {
        const before = [...entered().process.descriptors.keys()];
        const { state } = bound([['/dev/null'], ['/dev/zero']]);
        expect(at(state, '/dev/zero').type).toBe('character');
        const more = [...state.process.descriptors].filter(([number]) => !before.includes(number));
        const kept = more.filter(([, { closeOnExec }]) => !closeOnExec).map(([number]) => number);
        expect(kept, 'close the descriptor, or open it with O_CLOEXEC').toEqual([]);
      });
    });

    group('what can’t be given stops the program', 8, () => {
      test('a device that the host hasn’t', () => {
        const after = bound([['/dev/null'], [`/dev/${seeded('task 4, none').word()}`]]);
        expect(after.end, 'ENOENT: the container would have an empty file instead').toBe('failed');
        expect(at(after.state, '/dev/null').type, 'the one before is there').toBe('character');
      });

      test('a call that fails is not passed over', () => {
        const run = (options: RunOptions) => bound([['/dev/null']], options);
        const isRight = (state: State) => {
          expect(leadsTo(left(state), '/dev/null')).toMatchObject({ type: 'character', rdev: NULL });
        };
        isRight(run({}).state);
        expect(steppedOver(bindDevice('/dev/null') as Call[], run, isRight)).toEqual([]);
      });
    });
  },
);
