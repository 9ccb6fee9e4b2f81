import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { atLeast, type Call, makeCall, tolerate } from '../src/call.ts';
import * as calls from '../src/calls.ts';
import { execvp } from '../src/execvp.ts';
import * as c from '../src/kernel/constants.ts';
import {
  executable,
  identity,
  leadsTo,
  link,
  type Machine,
  machine,
  model,
  mountinfo,
  SIMPLER,
  script,
  waysToRegain,
  wayTo,
  wouldFail,
} from '../src/model/index.ts';

const HERE = c.AT_FDCWD;

/** What each call answered, as text. */
function answers(program: readonly Call[], options: Machine = {}) {
  return model(machine(options))
    .run(program)
    .answers.map(({ result, error }) => error ?? result);
}

describe('the model of the kernel', () => {
  it('is bundled for a browser with neither koffi nor any module of Node', async () => {
    const bundled = await build({
      stdin: { contents: "export * from 'shared-native/model';", resolveDir: import.meta.dirname },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      metafile: true,
    });
    const inputs = Object.keys(bundled.metafile.inputs);
    expect(inputs).toContain('shared-native/src/calls/node.ts');
    expect(inputs.filter((name) => /koffi|libc|node:/.test(name))).toEqual([]);
    const [{ text = '' } = {}] = bundled.outputFiles;
    expect(text).not.toMatch(/\brequire\(|from "node:|\bBuffer\b/);
  });

  it('stops at the first call that fails, but steps over the error that one tolerates', () => {
    const program = [tolerate(calls.mkdir('/proc'), 'EEXIST'), calls.chdir('/nowhere'), calls.chdir('/')];
    const after = model(machine()).run(program);
    expect(after.answers.map(({ error }) => error)).toEqual(['EEXIST', 'ENOENT']);
    expect(after).toMatchObject({ end: 'failed', failed: { index: 1, error: 'ENOENT' } });
  });

  it('fails a call whose result is less than it must be at the least', () => {
    const nothing = calls.openat(HERE, '/dev/null', c.O_RDONLY);
    const after = model(machine()).run([nothing, atLeast(calls.read(nothing, new Uint8Array(1)), 1), calls.getpid()]);
    expect(after).toMatchObject({ end: 'failed', failed: { index: 1, result: 0 } });
  });

  it('takes the result of an earlier call for an argument', () => {
    const root = calls.openat(HERE, '/', c.O_PATH | c.O_DIRECTORY);
    expect(answers([root, calls.fchdir(root), calls.close(root), calls.fchdir(root)])).toEqual([3, 0, 0, 'EBADF']);
  });

  it('leaves the state that it begins with as it was', () => {
    const initial = machine();
    model(initial).run([calls.chdir('/etc'), calls.mkdir('/new'), calls.sethostname('other')]);
    expect(leadsTo(initial, '.')).toMatchObject({ path: '/' });
    expect(leadsTo(initial, '/new')).toBe('ENOENT');
  });

  it('makes a call fail that it is told to, without making it', () => {
    const fail = (call: Call) => (call.name === 'mkdir' ? 'EEXIST' : undefined);
    const after = model(machine()).run([tolerate(calls.mkdir('/new'), 'EEXIST')], { fail });
    expect(after).toMatchObject({ end: 'done', answers: [{ error: 'EEXIST' }] });
    expect(leadsTo(after.state, '/new')).toBe('ENOENT');
  });

  it('reaches the program that a search of the path finds, and makes no call after it', () => {
    const tree = { '/usr/bin/tool': script('#!/bin/sh\n') };
    const after = model(machine({ tree })).run([
      ...execvp(['tool', '-v'], ['A=1'], '/bin:/usr/bin'),
      calls.exitGroup(1),
    ]);
    expect(after.answers.map(({ error }) => error)).toEqual(['ENOENT', undefined]);
    expect(after.end).toBe('executed');
    expect(after.state.process.executed).toMatchObject({ argv: ['/bin/sh', '/usr/bin/tool', '-v'], envp: ['A=1'] });
  });

  it('fails where a program falls off the end of a search', () => {
    const after = model(machine()).run(execvp(['tool'], [], '/bin:/usr/bin'));
    expect(after.end).toBe('done');
    expect(after.state.process.executed).toBeNull();
  });

  it('says where it is simpler than the kernel', () => {
    expect(SIMPLER.every((one) => one.endsWith('.'))).toBe(true);
  });
});

describe('a call that no one should make', () => {
  const forged = (name: string, args: Record<string, unknown>, rest = {}) =>
    ({ name, args, ...rest }) as unknown as Call;
  const integer = (value: unknown) => ({ kind: 'integer', value });
  const made = (call: Call) => () => model(machine()).run([call]);

  it.each([
    ['a name that no call has', forged('reboot', {}), /reboot.*none that the model knows/],
    ['a name of every object', forged('toString', {}), /none that the model knows/],
    ['clone', makeCall('clone', { flags: { kind: 'integer', value: 0 } }), /without CLONE_VM nobody sees/],
    ['a number as text', forged('setuid', { uid: integer('1000') }), /setuid: uid must be a whole number, got "1000"/],
    ['half a number', forged('setuid', { uid: integer(0.5) }), /uid must be a whole number/],
    [
      'a missing argument',
      forged('mkdir', { pathname: { kind: 'string', value: '/x' } }),
      /mkdir takes \(pathname, mode\)/,
    ],
    ['an argument too many', forged('getpid', { pid: integer(1) }), /getpid takes \(\)/],
    [
      'a descriptor that is no number',
      forged('close', { fd: { kind: 'string', value: '3' } }),
      /fd must be of the kind/,
    ],
    ['a path that is a number', forged('chdir', { path: integer(7) }), /path must be of the kind string/],
    ['a text with a NUL byte', forged('chdir', { path: { kind: 'string', value: '/\0x' } }), /without a NUL byte/],
    ['no arguments', { name: 'getpid' } as Call, /is no call/],
    ['a tolerance that is no error', { ...calls.getpid(), tolerates: 'toString' }, /tolerates toString/],
    ['a least result that is text', { ...calls.getpid(), least: '5' as unknown as number }, /least result/],
    ['nothing', undefined as unknown as Call, /is no call/],
  ])('is %s', (_, call, message) => {
    expect(made(call)).toThrow(message);
    expect(made(call)).toThrow(expect.objectContaining({ name: 'ModelError' }));
  });

  it('takes the result of a call that comes later', () => {
    const later = calls.openat(HERE, '/', c.O_PATH);
    expect(() => model(machine()).run([calls.fchdir(later), later])).toThrow(/must stand earlier/);
  });
});

describe('what can be asked of a state', () => {
  const rootfs = '/srv/web';
  const born: Machine = {
    clone: c.CLONE_NEWNS | c.CLONE_NEWPID | c.CLONE_NEWUTS,
    tree: { [`${rootfs}/bin/sh`]: executable, [`${rootfs}/etc/passwd`]: 'web', [`${rootfs}/out`]: link('/etc/passwd') },
  };
  const isPrivate = calls.mount(null, '/', null, c.MS_REC | c.MS_PRIVATE);
  const bound = calls.mount(rootfs, rootfs, null, c.MS_BIND | c.MS_REC);
  const hostRoot = calls.openat(HERE, '/', c.O_PATH | c.O_DIRECTORY | c.O_CLOEXEC);
  const pivoted = [
    ...[isPrivate, bound, hostRoot, calls.chdir(rootfs), calls.pivotRoot('.', '.'), calls.fchdir(hostRoot)],
    ...[calls.umount2('.', c.MNT_DETACH), calls.chdir('/')],
  ];

  it('tells what a path leads to: the file, and how its filesystem is mounted', () => {
    const proc = calls.mount('proc', '/mnt', 'proc', c.MS_NOSUID);
    const { state } = model(machine(born)).run([isPrivate, calls.mkdir('/mnt'), proc]);
    expect(leadsTo(state, '/mnt')).toMatchObject({
      filesystem: 'proc',
      flags: 'rw,nosuid,relatime',
      mountPoint: '/mnt',
    });
    expect(leadsTo(state, '/srv/web/out')).toMatchObject({ path: '/etc/passwd', filesystem: 'ext4' });
  });

  it('tells whether a file of the host can still be reached, and from where', () => {
    expect(wayTo(machine(born), '/etc/shadow')).toBe('its root');
    const chrooted = model(machine(born)).run([calls.chroot(rootfs)]).state;
    expect(wayTo(chrooted, '/etc/shadow')).toBe('its working directory');
    expect(wayTo(model(machine(born)).run(pivoted).state, '/etc/shadow')).toBe('descriptor 3');
    const closed = [...pivoted, calls.closeRange(3)];
    expect(wayTo(model(machine(born)).run(closed).state, '/etc/shadow')).toBeUndefined();
  });

  it('shows the mounts as /proc/self/mountinfo does', () => {
    const { state } = model(machine(born)).run(pivoted);
    expect(mountinfo(state)).toMatch(/^\d+ \d+ 254:0 \/srv\/web \/ rw,relatime - ext4 \/dev\/vda rw\n$/);
  });

  it('tells what a call would answer, without making it', () => {
    const { state } = model(machine(born)).run([
      isPrivate,
      calls.mount(null, '/', null, c.MS_REMOUNT | c.MS_BIND | c.MS_RDONLY),
    ]);
    expect(wouldFail(state, calls.openat(HERE, '/etc/passwd', c.O_WRONLY))).toBe('EROFS');
    expect(wouldFail(state, calls.openat(HERE, '/etc/passwd', c.O_RDONLY))).toBeUndefined();
  });

  it('tells who the process is, and how it could get privileges again', () => {
    const become = [calls.setgroups([]), calls.setresgid(5, 5, 5), calls.setresuid(7, 7, 7)];
    const { state } = model(machine(born)).run(become);
    expect(identity(state)).toMatchObject({ uid: 7, gid: 5, groups: [], effective: 0n });
    expect(waysToRegain(state)).toEqual([]);
    expect(waysToRegain(model(machine(born)).run([calls.setresuid(-1, 7, -1)]).state)).toContain(
      'one of its user ids is root',
    );
  });
});
