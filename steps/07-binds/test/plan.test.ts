import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { AT_FDCWD, asText, type Call, O_CREAT, O_WRONLY, openat } from 'shared-native';
import { directory, wouldFail } from 'shared-native/model';
import { inModel } from 'step-06/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, image, stopped, V2, wayOut } from '../../../test/judge.ts';
import { callsByStep, inOrder, options, type Plan, plan, read, STAGES, type Stage } from '../src/index.ts';

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(join(tmpdir(), 'boxstep-plan-7-'));
  for (const name of ['etc', 'cache']) mkdirSync(join(rootfs, name));
  symlinkSync('../../../../srv', join(rootfs, 'link'));
});
afterAll(() => rmSync(rootfs, { recursive: true }));

/** The plan of a command line, on a machine with cgroup v2 and without a network to be plugged into. */
function planned(...words: string[]) {
  const command = options(new Command().exitOverride().helpOption(false));
  const flags = command.parse(['--name', 'web', '--network', 'none', ...words], { from: 'user' }).opts();
  const made = {
    ...read(flags, [rootfs, 'sh']),
    hierarchies: V2,
    pipes: [],
    volumesDirectory: '/var/lib/boxstep/volumes',
  };
  return plan(made);
}

const texts = (calls: readonly Call[]) => calls.map(asText);

test('without mounts it is the container of the step before, and nothing is opened', () => {
  const { parts } = planned();
  expect(parts.at(-1)).toMatchObject({ step: 'step-07', actions: [] });
  const added = parts.at(-1);
  expect(inOrder(added?.program as never)).toEqual([]);
  expect(inOrder(added?.first as never)).toEqual([]);
});

test('trees are taken before step 1 makes all mounts private, and attached when the old root is gone', () => {
  const { program } = planned('-v', '/tmp:/data', '--tmpfs', '/run');
  const [setup, leave] = [texts(program.setup), texts(program.leave)];
  const first = (texts: string[], start: string) => texts.findIndex((text) => text.startsWith(start));
  const isPrivate = first(setup, 'mount(NULL, "/", NULL, MS_REC|MS_PRIVATE');
  expect(first(setup, 'open_tree')).toBeGreaterThan(-1);
  for (const call of ['open_tree', 'fsmount']) expect(first(setup, call)).toBeLessThan(isPrivate);
  expect(first(leave, 'umount2(".", MNT_DETACH)')).toBeLessThan(first(leave, 'move_mount'));
  expect(leave.filter((text) => text.startsWith('move_mount'))).toHaveLength(2);
});

test('the root becomes read-only when the places to mount on are made, and only once', () => {
  const all = texts(inOrder(planned('--read-only', '-v', '/tmp:/data').program));
  const remount = 'mount(NULL, "/", NULL, MS_RDONLY|MS_REMOUNT|MS_BIND, NULL)';
  expect(all.filter((text) => text === remount)).toHaveLength(1);
  expect(all.indexOf(remount)).toBeGreaterThan(all.findLastIndex((text) => text.startsWith('move_mount')));
});

test('the working directory is what is mounted there, not what that covers', () => {
  const leave = texts(planned('-v', '/tmp:/data', '-w', '/data/sub').program.leave);
  const gone = leave.findLastIndex((text) => text.startsWith('fchdir'));
  expect(gone).toBeGreaterThan(leave.findLastIndex((text) => text.startsWith('move_mount')));
  expect(texts(planned('-v', '/tmp:/data', '-w', '/cache').program.leave).at(-1)).toMatch(/^close/);
});

test('a missing source is made for -v, as docker does, and refused for --mount', () => {
  const none = join(rootfs, 'no/such');
  const actions = planned('-v', `${none}:/data`).actions;
  expect(actions.flatMap((action) => action.do)).toContainEqual({ deed: 'mkdir', path: none });
  expect(actions.flatMap((action) => action.undo)).not.toContainEqual({ deed: 'rmdir', path: none });
  expect(() => planned('--mount', `type=bind,source=${none},target=/data`)).toThrow('bind source path does not exist');
});

test('a volume is kept while the container is there; one without a name is removed in the end', () => {
  const undone = (...words: string[]) => planned(...words).actions.flatMap((action) => action.undo);
  const left = (deeds: ReturnType<typeof undone>) =>
    deeds.filter((deed) => deed.deed === 'other' && deed.kind === 'leave-volume');
  expect(left(undone('-v', 'data:/data'))).toMatchObject([{ of: { name: 'data', anonymous: false } }]);
  expect(left(undone('-v', '/data'))).toMatchObject([
    { of: { name: expect.stringMatching(/^[0-9a-f]{64}$/), anonymous: true } },
  ]);
});

test('in the model of the kernel, everything is where it should be, and there is no way out', () => {
  const host = {
    '/srv/secret/.keep': '',
    '/home/ann/f': 'ann',
    '/var/lib/boxstep/volumes/data/_data/v': 'volume',
  };
  const tree = { ...host, '/home/ann/sub': directory(), ...image(rootfs, { '/cache': directory({ mode: 0o700 }) }) };
  const mounts = [{ type: 'tmpfs', at: '/home/ann/sub' }];
  const flags = [
    '--tmpfs',
    '/cache',
    '-v',
    'data:/var/data',
    '-v',
    '/home/ann:/ann:ro',
    '-v',
    '/dev/null:/run/log',
    '-v',
    '/home:/link/home',
  ];
  const made = inModel(withoutNetwork(planned(...flags)), { tree, mounts, hierarchies: V2 });
  expect(stopped(made)).toBeUndefined();
  const { state } = made;
  expect(at(state, '/cache')).toMatchObject({ filesystem: 'tmpfs', flags: 'rw,nosuid,nodev,noexec,relatime' });
  expect(at(state, '/var/data/v').text).toBe('volume');
  expect(at(state, '/ann/f').text).toBe('ann');
  for (const path of ['/ann/new', '/ann/sub/new'])
    expect(wouldFail(state, openat(AT_FDCWD, path, O_WRONLY | O_CREAT, 0o600))).toBe('EROFS');
  expect(at(state, '/run/log').type).toBe('character');
  expect(at(state, '/srv/home/ann/f').text).toBe('ann');
  expect(wayOut(state), '/home lies on the host’s root, and no path leads up from there').toBeUndefined();
});

/** Without steps 5 and 6, whose files on the host the model doesn't make. */
function withoutNetwork(made: Plan): Plan {
  const parts = made.parts.filter(({ step }) => !['step-05', 'step-06'].includes(step));
  const calls = (stage: Stage) => callsByStep(parts, stage).flatMap(([, all]) => all);
  const program = Object.fromEntries(STAGES.map((stage) => [stage, calls(stage)])) as unknown as Plan['program'];
  return { ...made, parts, program, actions: parts.flatMap(({ actions }) => actions) };
}
