import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { group, seeded, task } from 'grader';
import { AT_FDCWD, O_CREAT, O_WRONLY, openat } from 'shared-native';
import { asParent, directory, runIn, type State, startAnother } from 'shared-native/model';
import { type Addition, extend, inOrder, joining, type Plan, read, type Stage, plan as step04 } from 'step-04';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, image, made, steppedOver, stopped, V2, wayOut } from '../../../test/judge.ts';
import { type IpcMode, ipc, isShm } from '../src/index.ts';

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(`${tmpdir()}/boxstep-ipc-`);
});
afterAll(() => rmSync(rootfs, { recursive: true }));

const touch = (path: string) => openat(AT_FDCWD, path, O_CREAT | O_WRONLY, 0o600);
const ipcOf = (state: State) => state.process.namespaces.ipc.id;
const hostIpc = (state: State) => state.parent.namespaces.ipc.id;

/** Step 4's container with what the task gives it for a mode. */
function planned(mode: IpcMode, shmSize: number, name = 'box', of?: number): Plan {
  const plain = step04({ ...read({ name }, [rootfs, 'sh']), hierarchies: V2, pipes: [], limits: {}, ulimits: [] });
  const web = { name: 'web', pid: of ?? 0, started: '', step: 'step-06', options: {} };
  const joined: Addition = of === undefined ? {} : joining(web, ['ipc']);
  const added = { ...ipc(mode, shmSize, of), without: { calls: isShm } };
  return extend(extend(plain, 'step-06', joined), 'step-06', added);
}

/** What it comes to: inside, before it gives anything up. */
function inside(mode: IpcMode, shmSize = 1 << 20, through: Stage = 'leave'): State {
  const modelled = made(planned(mode, shmSize), { tree: image(rootfs) }, through);
  expect(stopped(modelled), `--ipc ${mode}: a call failed`).toBeUndefined();
  return modelled.state;
}

/** A machine with a container that is shareable, and in whose /dev/shm there is a file. */
function withWeb(): { state: State; web: State['process'] } {
  const state = inside('shareable');
  expect(stopped(runIn(state, [touch('/dev/shm/of-web')]))).toBeUndefined();
  const web = state.process;
  startAnother(state);
  return { state, web };
}

/** A container beside that one. */
function beside(through: Stage = 'leave'): { state: State; web: State['process'] } {
  const { state, web } = withWeb();
  const modelled = made(planned('container:web', 1 << 20, 'db', web.hostPid), state, through);
  expect(stopped(modelled), '--ipc container:web: a call failed').toBeUndefined();
  return { state: modelled.state, web };
}

/** Is its /dev/mqueue that of its own IPC namespace? */
function expectQueues(state: State, mode: string): void {
  const queues = at(state, '/dev/mqueue');
  expect(queues, `--ipc ${mode}: POSIX queues are files of an mqueue filesystem at /dev/mqueue`).toMatchObject({
    filesystem: 'mqueue',
    mountPoint: '/dev/mqueue',
    flags: expect.stringMatching(/nosuid,nodev,noexec/),
  });
  const its = state.filesystems.get(`mqueue of IPC namespace ${ipcOf(state)}`);
  expect(queues.inode?.filesystem === its, `--ipc ${mode}: the queues are those of its IPC namespace`).toBe(true);
}

/** Bytes, as a tmpfs takes them: `size=65536`, `size=64k`. */
function sizeIn(options = ''): number {
  const [, number, unit = ''] = /size=(\d+)([kmg]?)/.exec(options) ?? [];
  return Number(number) * 1024 ** ' kmg'.indexOf(unit || ' ');
}

const OWN: IpcMode[] = ['private', 'shareable', 'none'];

task(
  1,
  {
    points: 40,
    hints: [
      'Which modes have a new IPC namespace? All whose objects are nobody else’s yet: private, shareable, none. For host, namespaces stays empty; and for another container the plan joins already.',
      'inside: mkdir /dev/shm (0o1777), then what is mounted there: a tmpfs of shmSize bytes; or, attached by moveMount(tree, "", AT_FDCWD, "/dev/shm", MOVE_MOUNT_F_EMPTY_PATH), a copy made by openTree. /dev/mqueue is a mount of the type mqueue, always.',
      'openTree can only copy what is in its own mount namespace. The host’s is in sight in setup. For another container’s, takenThere(pid, tree) goes there and comes back: in join.',
    ],
  },
  () => {
    group('objects of its own', 7, () => {
      test('System V objects and queues are in an IPC namespace of its own', () => {
        for (const mode of OWN) {
          const state = inside(mode);
          expect(ipcOf(state), `--ipc ${mode}: nobody else’s`).not.toBe(hostIpc(state));
          expectQueues(state, mode);
        }
      });
    });

    group('shared memory of its own', 9, () => {
      test('is a tmpfs at /dev/shm of the size you ask for', () => {
        for (const mode of ['private', 'shareable'] as const) {
          for (const pages of [16, seeded('task 1').integer(20, 5000)]) {
            const shm = at(inside(mode, pages * 4096), '/dev/shm');
            expect(shm, `--ipc ${mode}: a tmpfs with the permissions of /tmp`).toMatchObject({
              filesystem: 'tmpfs',
              mountPoint: '/dev/shm',
              mode: 0o1777,
            });
            expect(sizeIn(shm.options), `--shm-size ${pages * 4096}, in bytes`).toBe(pages * 4096);
            expect(shm.flags, 'no devices, no programs, no set-user-ID').toMatch(/nosuid,nodev,noexec/);
          }
        }
      });

      test('is not the host’s, and there is none where none is wanted', () => {
        const state = inside('private');
        asParent(state, () => runIn(state, [touch('/dev/shm/of-the-host')]));
        expect(at(state, '/dev/shm/of-the-host').error).toBe('ENOENT');
        expect(at(inside('none'), '/dev/shm').error, '--ipc none has no /dev/shm at all').toBe('ENOENT');
      });
    });

    group('the host’s', 9, () => {
      test('its namespace, its queues, and its /dev/shm', () => {
        const state = inside('host');
        expect(ipcOf(state), '--ipc host: no namespace').toBe(hostIpc(state));
        expectQueues(state, 'host');
        asParent(state, () => runIn(state, [touch('/dev/shm/of-the-host')]));
        expect(at(state, '/dev/shm/of-the-host').type, 'the host’s files in /dev/shm can be seen').toBe('file');
        expect(at(state, '/dev/shm').mountPoint, 'and it is mounted there').toBe('/dev/shm');
      });

      test('and nothing else of the host', () => {
        expect(wayOut(inside('host', 1 << 20, 'exec'))).toBeUndefined();
      });
    });

    group('another container’s', 11, () => {
      test('its namespace, its queues, and its /dev/shm', () => {
        const { state, web } = beside();
        expect(ipcOf(state)).toBe(web.namespaces.ipc.id);
        expectQueues(state, 'container:web');
        expect(at(state, '/dev/shm/of-web').type, 'the other container’s files in /dev/shm can be seen').toBe('file');
      });

      test('and nothing else of it: neither its root nor its mounts', () => {
        const { state, web } = beside('exec');
        expect(state.process.namespaces.mnt.id, 'a mount namespace of its own').not.toBe(web.namespaces.mnt.id);
        expect(at(state, '/').inode, 'a root of its own').toBeDefined();
        expect(wayOut(state)).toBeUndefined();
        expect(state.process.namespaces.uts.id).not.toBe(web.namespaces.uts.id);
      });
    });

    group('no error is passed over', 4, () => {
      test.each<IpcMode>(['private', 'none', 'host', 'container:web'])(
        'a call that fails stops the program, or it comes to the same end: --ipc %s',
        (mode) => {
          const { state: on, web } = withWeb();
          const plan = planned(mode, 1 << 20, 'db', mode === 'container:web' ? web.hostPid : undefined);
          const added = plan.parts.filter(({ step }) => step === 'step-06').flatMap(({ program }) => inOrder(program));
          expect(added.length, 'there must be calls').toBeGreaterThan(0);
          const end = (state: State) => {
            expectQueues(state, mode);
            return [at(state, '/dev/shm').mountPoint, at(state, '/dev/shm/of-web').type];
          };
          const wanted = end(made(plan, on, 'leave').state);
          const over = steppedOver(
            added,
            ({ fail }) => made(plan, on, 'leave', { fail: (call) => fail?.(call, added.indexOf(call)) }),
            (state) => expect(end(state)).toEqual(wanted),
          );
          expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
        },
      );
    });
  },
);

test('an image’s /dev/shm is nobody’s: devices of the container’s own are made over it', () => {
  const tree = image(rootfs, { '/dev/shm/old': 'file', '/dev': directory() });
  const { state } = made(planned('private', 1 << 20), { tree }, 'leave');
  expect(at(state, '/dev/shm/old').error).toBe('ENOENT');
});
