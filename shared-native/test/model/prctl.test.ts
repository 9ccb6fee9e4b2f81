import { describe, expect, test } from 'vitest';
import {
  BPF_ABS,
  BPF_JEQ,
  BPF_JMP,
  BPF_K,
  BPF_LD,
  BPF_RET,
  BPF_W,
  CAP_CHOWN,
  capset,
  execve,
  getpid,
  KEYCTL_JOIN_SESSION_KEYRING,
  keyctl,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAP_AMBIENT_IS_SET,
  PR_CAP_AMBIENT_RAISE,
  PR_CAPBSET_DROP,
  PR_CAPBSET_READ,
  PR_GET_KEEPCAPS,
  PR_GET_NAME,
  PR_GET_NO_NEW_PRIVS,
  PR_GET_PDEATHSIG,
  PR_SET_DUMPABLE,
  PR_SET_KEEPCAPS,
  PR_SET_NAME,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_PDEATHSIG,
  PR_SET_SECUREBITS,
  prctl,
  SECBIT_KEEP_CAPS,
  SECBIT_KEEP_CAPS_LOCKED,
  SECBIT_NO_CAP_AMBIENT_RAISE,
  SECBIT_NOROOT,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_SET_MODE_FILTER,
  SECCOMP_SET_MODE_STRICT,
  SIGKILL,
  SIGSYS,
  seccomp,
  setuid,
  syscallNumber,
  thisMachine,
} from '../../src/index.ts';
import { ModelError } from '../../src/model/errors.ts';
import { answers, made, processAfter } from './answers.ts';

describe('prctl', () => {
  test('the bounding set only shrinks, and only with CAP_SETPCAP', () => {
    const drop = () => prctl(PR_CAPBSET_DROP, CAP_CHOWN);
    expect(answers([drop(), prctl(PR_CAPBSET_READ, CAP_CHOWN), prctl(PR_CAPBSET_DROP, 41)])).toEqual([0, 0, 'EINVAL']);
    expect(answers([setuid(1000), drop(), prctl(PR_CAPBSET_READ, CAP_CHOWN)])).toEqual([0, 'EPERM', 1]);
  });

  test('a capability becomes ambient only if it is permitted and inheritable', () => {
    const raise = () => prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN);
    const inherit = capset(0, { effective: ~0n & 0x1ff_ffff_ffffn, permitted: 0x1ff_ffff_ffffn, inheritable: 1 });
    const isSet = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN);
    expect(answers([raise(), inherit, raise(), isSet])).toEqual(['EPERM', 0, 0, 1]);
    expect(answers([inherit, prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE), raise()])).toEqual([0, 0, 'EPERM']);
    expect(processAfter([inherit, raise(), capset(0, { effective: 0, permitted: 1, inheritable: 0 })]).ambient).toBe(
      0n,
    );
    expect(answers([prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1)])).toEqual(['EINVAL']);
  });

  test('a securebit that is locked stays as it is', () => {
    const lock = prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS_LOCKED);
    const change = prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_KEEP_CAPS_LOCKED);
    expect(answers([lock, change, prctl(PR_SET_KEEPCAPS, 1), prctl(PR_GET_KEEPCAPS)])).toEqual([
      0,
      'EPERM',
      'EPERM',
      0,
    ]);
    expect(answers([setuid(1000), prctl(PR_SET_SECUREBITS, SECBIT_NOROOT)])).toEqual([0, 'EPERM']);
  });

  test('no_new_privs takes 1 and nothing else, and is for good', () => {
    const set = (...args: [number, number?]) => prctl(PR_SET_NO_NEW_PRIVS, ...args);
    expect(answers([set(0), set(1, 1), set(1), set(0), prctl(PR_GET_NO_NEW_PRIVS)])).toEqual([
      'EINVAL',
      'EINVAL',
      0,
      'EINVAL',
      1,
    ]);
  });

  test('what is no signal, no way to be dumped, or no name is refused', () => {
    const calls = [prctl(PR_SET_PDEATHSIG, 65n), prctl(PR_SET_DUMPABLE, 2), prctl(PR_SET_NAME, 0)];
    expect(answers(calls)).toEqual(['EINVAL', 'EINVAL', 'EFAULT']);
    expect(processAfter([prctl(PR_SET_NAME, 'init')]).comm).toBe('init');
  });

  test('an option that the model does not know is an error of the model', () => {
    expect(() => made([prctl(55)])).toThrow(/doesn't know option 55/);
  });
});

describe('seccomp', () => {
  const load = (k: number) => ({ code: BPF_LD | BPF_W | BPF_ABS, k });
  const isCall = (name: 'getpid' | 'setuid', jf: number) => ({
    code: BPF_JMP | BPF_JEQ | BPF_K,
    jf,
    k: syscallNumber(name, thisMachine()) as number,
  });
  const answer = (k: number) => ({ code: BPF_RET | BPF_K, k });
  const filter = (action: number) =>
    seccomp(SECCOMP_SET_MODE_FILTER, 0, [load(0), isCall('getpid', 1), answer(action), answer(SECCOMP_RET_ALLOW)]);

  test('a filter needs no_new_privs or CAP_SYS_ADMIN', () => {
    const nnp = prctl(PR_SET_NO_NEW_PRIVS, 1);
    expect(answers([setuid(1000), filter(SECCOMP_RET_ERRNO), nnp, filter(SECCOMP_RET_ERRNO)])).toEqual([
      0,
      'EACCES',
      0,
      0,
    ]);
  });

  test('the calls that follow are answered by the filter, and others are not', () => {
    expect(answers([filter(SECCOMP_RET_ERRNO | 1), getpid(), setuid(0)])).toEqual([0, 'EPERM', 0]);
  });

  test('of two filters the stricter counts, whichever came first', () => {
    const [kind, strict] = [SECCOMP_RET_ERRNO | 1, SECCOMP_RET_KILL_PROCESS];
    for (const two of [
      [filter(kind), filter(strict)],
      [filter(strict), filter(kind)],
    ]) {
      expect(processAfter([...two, getpid()]).killed).toBe(SIGSYS);
    }
    expect(answers([filter(SECCOMP_RET_ERRNO | 1), filter(SECCOMP_RET_ERRNO | 2), getpid()])).toEqual([0, 0, 'ENOENT']);
  });

  test('it stays across execve', () => {
    expect(processAfter([filter(SECCOMP_RET_ERRNO), execve('/bin/sh', ['sh'], [])]).seccomp.filters).toHaveLength(1);
  });

  test('a filter without a return at its end, or with a jump past it, is EINVAL', () => {
    const wrong = [[load(0)], [isCall('getpid', 1), answer(0)], [load(3), answer(0)], [load(64), answer(0)]];
    expect(answers(wrong.map((program) => seccomp(SECCOMP_SET_MODE_FILTER, 0, program)))).toEqual(
      wrong.map(() => 'EINVAL'),
    );
  });

  test('an instruction that the model does not know is an error of the model', () => {
    expect(() => made([seccomp(SECCOMP_SET_MODE_FILTER, 0, [{ code: 0x94, k: 1 }, answer(0)])])).toThrow(ModelError);
  });

  test('strict mode kills at the first call that is neither read nor write', () => {
    expect(processAfter([seccomp(SECCOMP_SET_MODE_STRICT, 0, null), getpid()]).killed).toBe(SIGKILL);
  });
});

test('a session keyring of its own is another than the one it came with', () => {
  const before = processAfter([]).sessionKeyring;
  expect(processAfter([keyctl(KEYCTL_JOIN_SESSION_KEYRING, null)]).sessionKeyring).not.toBe(before);
});

test('what the kernel writes is in the answer, and the call stays as it is', () => {
  const [name, signal] = [new Uint8Array(16), new Uint8Array(4)];
  const calls = [
    prctl(PR_SET_PDEATHSIG, 15),
    prctl(PR_SET_NAME, 'init'),
    prctl(PR_GET_NAME, name),
    prctl(PR_GET_PDEATHSIG, signal),
  ];
  const filled = made(calls).answers.map((answer) => answer.filled?.arg2);
  expect([Buffer.from(filled[2] ?? []).toString(), filled[3]]).toEqual([
    'init'.padEnd(16, '\0'),
    Uint8Array.of(15, 0, 0, 0),
  ]);
  expect([name, signal]).toEqual([new Uint8Array(16), new Uint8Array(4)]);
  expect(() => made([prctl(PR_GET_NAME, new Uint8Array(4))])).toThrow(/room for 16 bytes/);
});
