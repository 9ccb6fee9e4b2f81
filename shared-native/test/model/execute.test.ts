import { describe, expect, test } from 'vitest';
import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  CAP_CHOWN,
  CAP_NET_RAW,
  CAP_SETUID,
  capset,
  close,
  execve,
  execveat,
  exitGroup,
  getpid,
  MS_BIND,
  MS_NOEXEC,
  MS_NOSUID,
  MS_REMOUNT,
  mount,
  O_CLOEXEC,
  O_PATH,
  O_RDONLY,
  O_WRONLY,
  openat,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_DROP,
  PR_SET_KEEPCAPS,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_SECUREBITS,
  prctl,
  RLIM_INFINITY,
  RLIMIT_STACK,
  SECBIT_KEEP_CAPS,
  SECBIT_NOROOT,
  SIGKILL,
  setpgid,
  setresuid,
  setrlimit,
  setsid,
  setuid,
} from '../../src/index.ts';
import { executable, link, linked, script } from '../../src/model/machine/tree.ts';
import { capabilitySet } from '../../src/model/process/capabilities.ts';
import { answers, made, processAfter } from './answers.ts';

const run = (path: string) => execve(path, [path], []);
const all = (inheritable: bigint) =>
  capset(0, { effective: 0x1ff_ffff_ffffn, permitted: 0x1ff_ffff_ffffn, inheritable });
const netRaw = capabilitySet(CAP_NET_RAW);

const tree = {
  '/bin/su': { ...executable, mode: 0o4755 },
  '/bin/drop': { ...executable, mode: 0o4755, uid: 1000, gid: 1000 },
  '/bin/mail': { ...executable, mode: 0o2755, gid: 8 },
  '/bin/ping': { ...executable, fileCapabilities: { permitted: netRaw, effective: true } },
  '/bin/dynamic': linked('/lib/ld.so'),
  '/bin/hello': script('#!/bin/sh -e\necho hello\n'),
  '/bin/lost': script('#!/bin/bash\n'),
  '/bin/text': script('echo hello\n'),
  '/bin/loop': script('#!/bin/loop\n'),
  '/bin/secret': { ...executable, mode: 0o700 },
  '/bin/data': { ...executable, mode: 0o644 },
};

describe('execve', () => {
  test('is the last call, and says what became of the process', () => {
    const { end, answers, state } = made([execve('/bin/sh', ['sh', '-c', 'true'], ['A=1']), getpid()]);
    expect([end, answers.length]).toEqual(['executed', 1]);
    expect(state.process.executed).toMatchObject({ pathname: '/bin/sh', argv: ['sh', '-c', 'true'], envp: ['A=1'] });
    expect(state.process.comm).toBe('sh');
  });

  test('fails as the kernel does, and then the program goes on', () => {
    const paths = [
      '/bin/none',
      '/bin',
      '/bin/data',
      '/bin/sh/x',
      '/bin/text',
      '/bin/lost',
      '/bin/loop',
      '/bin/dynamic',
    ];
    expect(answers(paths.map(run), { tree })).toEqual([
      'ENOENT',
      'EACCES',
      'EACCES',
      'ENOTDIR',
      'ENOEXEC',
      'ENOENT',
      'ELOOP',
      'ENOENT',
    ]);
    expect(answers([setuid(1000), run('/bin/secret'), run('/bin/sh')], { tree })).toEqual([0, 'EACCES', 0]);
  });

  test('a script is run by its interpreter', () => {
    const { executed, comm } = processAfter([execve('/bin/hello', ['hello', 'world'], [])], { tree });
    expect(executed?.argv).toEqual(['/bin/sh', '-e', '/bin/hello', 'world']);
    expect([executed?.place.inode.name, comm]).toEqual(['sh', 'hello']);
  });

  test('a first line that names no interpreter is ENOEXEC, and EACCES if it has no end', () => {
    const odd = { '/bin/none': script('#!\n'), '/bin/open': script('#! '), '/bin/plain': script('#') };
    expect(answers([run('/bin/none'), run('/bin/open'), run('/bin/plain')], { tree: odd })).toEqual([
      'ENOEXEC',
      'EACCES',
      'ENOEXEC',
    ]);
  });

  test('a program on a mount with MS_NOEXEC is EACCES', () => {
    const bind = [mount('/bin', '/bin', null, MS_BIND), mount(null, '/bin', null, MS_REMOUNT | MS_BIND | MS_NOEXEC)];
    expect(answers([...bind, run('/bin/sh')])).toEqual([0, 0, 'EACCES']);
  });

  test('a program that is open for writing is ETXTBSY', () => {
    const writing = openat(AT_FDCWD, '/bin/sh', O_WRONLY | O_CLOEXEC);
    expect(answers([writing, run('/bin/sh'), close(writing), run('/bin/sh')])).toEqual([3, 'ETXTBSY', 0, 0]);
  });

  test('arguments that take more than a quarter of the stack are E2BIG', () => {
    const stack = setrlimit(RLIMIT_STACK, { rlim_cur: 2 ** 20, rlim_max: RLIM_INFINITY });
    const words = (count: number) => execve('/bin/sh', Array<string>(count).fill('x'.repeat(991)), []);
    expect(answers([stack, words(270), words(250)])).toEqual([0, 'E2BIG', 0]);
    const small = setrlimit(RLIMIT_STACK, { rlim_cur: 65_536, rlim_max: RLIM_INFINITY });
    expect(answers([small, words(70), words(60)])).toEqual([0, 'E2BIG', 0]); // more than the stack itself
  });

  test('closes what is marked so, and keeps the rest', () => {
    const calls = [openat(AT_FDCWD, '/', O_RDONLY | O_CLOEXEC), openat(AT_FDCWD, '/', O_RDONLY), run('/bin/sh')];
    expect([...processAfter(calls).descriptors.keys()]).toEqual([4]);
  });
});

describe('credentials after execve', () => {
  test('root gets all of its bounding set, whatever it had', () => {
    const nothing = capset(0, { effective: 0, permitted: 0, inheritable: 0 });
    const { permitted, effective, bounding } = processAfter([
      prctl(PR_CAPBSET_DROP, CAP_CHOWN),
      nothing,
      run('/bin/sh'),
    ]);
    expect([permitted, effective]).toEqual([bounding, bounding]);
    expect(bounding & capabilitySet(CAP_CHOWN)).toBe(0n);
  });

  test('root gets nothing with SECBIT_NOROOT, and no more than it had with no_new_privs', () => {
    expect(processAfter([prctl(PR_SET_SECUREBITS, SECBIT_NOROOT), run('/bin/sh')]).permitted).toBe(0n);
    const one = capset(0, { effective: netRaw, permitted: netRaw, inheritable: 0 });
    expect(processAfter([one, prctl(PR_SET_NO_NEW_PRIVS, 1), run('/bin/sh')]).effective).toBe(netRaw);
  });

  test('another user gets nothing but what is ambient', () => {
    const keep = [prctl(PR_SET_KEEPCAPS, 1), setresuid(1000, 1000, 1000)];
    expect(processAfter([...keep, run('/bin/sh')])).toMatchObject({ permitted: 0n, effective: 0n });
    const raise = [
      capset(0, { effective: 0, permitted: netRaw, inheritable: netRaw }),
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW),
    ];
    const after = processAfter([...keep, ...raise, run('/bin/sh')]);
    expect(after).toMatchObject({ permitted: netRaw, effective: netRaw, ambient: netRaw });
    expect(after.securebits & SECBIT_KEEP_CAPS).toBe(0);
  });

  test('a set-user-ID program gives its owner, and takes the death signal and a large stack', () => {
    const death = prctl(PR_SET_PDEATHSIG, SIGKILL);
    const stack = setrlimit(RLIMIT_STACK, { rlim_cur: RLIM_INFINITY, rlim_max: RLIM_INFINITY });
    const after = processAfter([stack, setuid(1000), death, run('/bin/su')], { tree });
    expect(after).toMatchObject({ uid: 1000, euid: 0, suid: 0, fsuid: 0, deathSignal: 0, dumpable: 0 });
    expect([after.effective === after.bounding, after.limits.get(RLIMIT_STACK)?.soft]).toEqual([
      true,
      8n * 1024n ** 2n,
    ]);
    expect(processAfter([run('/bin/drop')], { tree })).toMatchObject({ uid: 0, euid: 1000, effective: 0n });
    expect(processAfter([run('/bin/mail')], { tree })).toMatchObject({ gid: 0, egid: 8, sgid: 8 });
  });

  test('no_new_privs and MS_NOSUID make it an ordinary program', () => {
    const nnp = [setuid(1000), prctl(PR_SET_NO_NEW_PRIVS, 1), run('/bin/su')];
    expect(processAfter(nnp, { tree })).toMatchObject({ euid: 1000, effective: 0n });
    const bind = [mount('/bin', '/bin', null, MS_BIND), mount(null, '/bin', null, MS_REMOUNT | MS_BIND | MS_NOSUID)];
    expect(processAfter([...bind, setuid(1000), run('/bin/su')], { tree })).toMatchObject({
      euid: 1000,
      effective: 0n,
    });
    expect(processAfter([...bind, setuid(1000), run('/bin/ping')], { tree })).toMatchObject({ effective: 0n });
  });

  test('a file gives its capabilities, which end the ambient ones, or EPERM where the bounding set lacks them', () => {
    expect(processAfter([setuid(1000), run('/bin/ping')], { tree })).toMatchObject({
      permitted: netRaw,
      effective: netRaw,
    });
    const both = { '/bin/both': { ...tree['/bin/ping'], mode: 0o4755 } }; // as root, but with these capabilities only
    expect(processAfter([setuid(1000), run('/bin/both')], { tree: both })).toMatchObject({
      euid: 0,
      effective: netRaw,
    });
    const calls = [prctl(PR_CAPBSET_DROP, CAP_NET_RAW), setuid(1000), run('/bin/ping')];
    expect(answers(calls, { tree })).toEqual([0, 0, 'EPERM']);
    const raised = [
      all(capabilitySet(CAP_SETUID)),
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID),
      prctl(PR_SET_SECUREBITS, SECBIT_NOROOT),
    ];
    expect(processAfter([...raised, run('/bin/ping')], { tree })).toMatchObject({ ambient: 0n, effective: netRaw });
  });
});

describe('the process itself', () => {
  test('exit_group ends it with the low 8 bits', () => {
    expect(made([exitGroup(3), getpid()])).toMatchObject({ end: 'exited', state: { process: { exited: 3 } } });
  });

  test('setsid begins a session, but not in the leader of a process group', () => {
    const { pid, sid, pgid } = processAfter([setsid()]);
    expect([sid, pgid]).toEqual([pid, pid]);
    expect(answers([setpgid(0, 0), setsid()])).toEqual([0, 'EPERM']);
    expect(answers([setsid(), setpgid(0, 0)]).at(-1)).toBe('EPERM');
  });

  test('a process group must be there, in the same session', () => {
    expect(answers([setpgid(0, 4000), setpgid(0, -1), setpgid(4000, 0)])).toEqual(['EPERM', 'EINVAL', 'ESRCH']);
  });
});

describe('execveat', () => {
  test('executes what a descriptor stands for, and calls it as its file is called', () => {
    const file = openat(AT_FDCWD, '/bin/sh', O_PATH | O_CLOEXEC);
    const { executed, comm } = processAfter([file, execveat(file, '', ['x'], [], AT_EMPTY_PATH)]);
    expect([executed?.place.inode.name, executed?.argv, comm]).toEqual(['sh', ['x'], 'sh']);
  });

  test('a script is out of its interpreter’s reach where the descriptor closes before', () => {
    const run = (flags: number) => {
      const file = openat(AT_FDCWD, '/bin/hello', flags);
      return made([file, execveat(file, '', ['hello'], [], AT_EMPTY_PATH)], { tree });
    };
    expect(run(O_PATH | O_CLOEXEC).answers[1]?.error).toBe('ENOENT');
    expect(run(O_PATH).state.process.executed?.argv).toEqual(['/bin/sh', '-e', '/dev/fd/3']);
  });

  test('a link at the end is ELOOP with AT_SYMLINK_NOFOLLOW, and no path at all is ENOENT', () => {
    const linked = { '/bin/link': link('sh') };
    const follow = (flags: number) => execveat(AT_FDCWD, '/bin/link', ['link'], [], flags);
    expect(
      answers([follow(AT_SYMLINK_NOFOLLOW), execveat(AT_FDCWD, '', ['x'], []), follow(0)], { tree: linked }),
    ).toEqual(['ELOOP', 'ENOENT', 0]);
  });
});
