import { describe, expect, test } from 'vitest';
import {
  CAP_CHOWN,
  CAP_NET_RAW,
  CAP_SETGID,
  CAP_SETPCAP,
  CAP_SETUID,
  CLONE_NEWUSER,
  capget,
  capset,
  makeCall,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_RAISE,
  PR_SET_KEEPCAPS,
  PR_SET_PDEATHSIG,
  PR_SET_SECUREBITS,
  prctl,
  SECBIT_NO_SETUID_FIXUP,
  SIGKILL,
  setgid,
  setgroups,
  setresgid,
  setresuid,
  setuid,
} from '../../src/index.ts';
import { ModelError } from '../../src/model/errors.ts';
import { capabilitySet } from '../../src/model/process/capabilities.ts';
import { answers, made, processAfter } from './answers.ts';

const range = (inside: number, outside: number, length: number) => ({ inside, outside, length });
const rootless = {
  clone: CLONE_NEWUSER,
  uid: 1000,
  gid: 1000,
  uidMap: [range(0, 1000, 1)],
  gidMap: [range(0, 1000, 1)],
};
const none = { effective: 0, permitted: 0, inheritable: 0 };

describe('who a process is', () => {
  test('setuid by root changes the real, the effective and the saved id, and there is no way back', () => {
    const { uid, euid, suid, fsuid } = processAfter([setuid(1000)]);
    expect([uid, euid, suid, fsuid]).toEqual([1000, 1000, 1000, 1000]);
    expect(answers([setuid(1000), setuid(0), setresuid(0, -1, -1)])).toEqual([0, 'EPERM', 'EPERM']);
  });

  test('setuid without CAP_SETUID changes the effective id only, to the real or the saved one', () => {
    const { uid, euid, suid } = processAfter([setresuid(1000, 1000, 0), setuid(0)]);
    expect([uid, euid, suid]).toEqual([1000, 0, 0]);
  });

  test('setresuid leaves what is -1', () => {
    const { uid, euid, suid } = processAfter([setresuid(-1, 5, 6)]);
    expect([uid, euid, suid]).toEqual([0, 5, 6]);
  });

  test('groups are changed before the user, or not at all', () => {
    expect(answers([setuid(1000), setgroups([1]), setresgid(1, 1, 1), setgid(5)])).toEqual([
      0,
      'EPERM',
      'EPERM',
      'EPERM',
    ]);
    const { groups, gid } = processAfter([setgroups([5, 3, 5]), setresgid(1, 1, 1), setuid(1000)]);
    expect([groups, gid]).toEqual([[3, 5, 5], 1]);
  });

  test('an id that a user namespace does not map is EINVAL, and setgroups is EPERM where it is denied', () => {
    const calls = [setuid(1), setresgid(5, 5, 5), setgroups([0])];
    expect(answers(calls, { ...rootless, setgroups: 'deny' })).toEqual(['EINVAL', 'EINVAL', 'EPERM']);
    expect(answers([setgroups([0]), setgroups([7])], rootless)).toEqual([0, 'EINVAL']);
  });

  test('the state has ids as the host has them', () => {
    expect(processAfter([setuid(0)], rootless).uid).toBe(1000);
  });
});

describe('what becomes of capabilities when ids change', () => {
  test('leaving user 0 altogether empties the permitted, the effective and the ambient set', () => {
    const inherited = { effective: 1, permitted: 1 | (1 << CAP_SETUID), inheritable: 1 };
    const calls = [
      capset(0, { ...inherited, effective: inherited.permitted }),
      prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN),
    ];
    expect(processAfter(calls).ambient).toBe(1n);
    const { permitted, effective, ambient, inheritable } = processAfter([...calls, setuid(1000)]);
    expect([permitted, effective, ambient, inheritable]).toEqual([0n, 0n, 0n, 1n]);
  });

  test('a saved id of 0 keeps the permitted set, and coming back makes it effective', () => {
    const away = processAfter([setresuid(1000, 1000, 0)]);
    expect([away.permitted === 0n, away.effective]).toEqual([false, 0n]);
    const back = processAfter([setresuid(1000, 1000, 0), setresuid(-1, 0, -1)]);
    expect(back.effective).toBe(back.permitted);
  });

  test('keepcaps keeps the permitted set, but not the effective one', () => {
    const { permitted, effective } = processAfter([prctl(PR_SET_KEEPCAPS, 1), setuid(1000)]);
    expect([permitted === 0n, effective]).toEqual([false, 0n]);
  });

  test('SECBIT_NO_SETUID_FIXUP keeps all of them', () => {
    const { permitted, effective } = processAfter([prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP), setuid(1000)]);
    expect(effective).toBe(permitted);
    expect(effective).not.toBe(0n);
  });

  test('another effective id forgets the death signal, and makes the process undumpable', () => {
    const death = prctl(PR_SET_PDEATHSIG, SIGKILL);
    expect(processAfter([death, setuid(1000)])).toMatchObject({ deathSignal: 0, dumpable: 0 });
    expect(processAfter([setuid(1000), death])).toMatchObject({ deathSignal: SIGKILL });
    expect(processAfter([death, setresuid(1000, -1, -1)])).toMatchObject({ deathSignal: SIGKILL, dumpable: 1 });
  });
});

describe('capset', () => {
  test('only takes away from the permitted set, and keeps the effective one within it', () => {
    const one = capabilitySet(CAP_NET_RAW);
    const calls = [
      capset(0, { ...none, permitted: one }),
      capset(0, { ...none, permitted: one, effective: capabilitySet(CAP_CHOWN) }),
      capset(0, { ...none, permitted: one | 1n }),
      capset(0, { ...none, permitted: one, effective: one }),
    ];
    expect(answers(calls)).toEqual([0, 'EPERM', 'EPERM', 0]);
  });

  test('without CAP_SETPCAP only what is permitted becomes inheritable, and never what the bounding set lacks', () => {
    const { bounding } = processAfter([]);
    const lacks = { bounding: bounding & ~capabilitySet(CAP_NET_RAW) };
    const inherit = (inheritable: bigint) => capset(0, { effective: 0, permitted: 0, inheritable });
    expect(answers([inherit(1n), inherit(2n)])).toEqual([0, 'EPERM']);
    expect(answers([inherit(capabilitySet(CAP_NET_RAW))], lacks)).toEqual(['EPERM']);
    const setpcap = capabilitySet(CAP_SETPCAP);
    expect(answers([capset(0, { effective: setpcap, permitted: setpcap, inheritable: 3n })])).toEqual([0]);
  });

  test('is what capget answers with: effective, permitted, inheritable, the lower halves first', () => {
    const sets = { effective: 1n, permitted: 1n | (1n << 40n), inheritable: 2n };
    const [, answer] = made([capset(0, sets), capget(0, new Uint8Array(24))]).answers;
    expect([...new Uint32Array(answer?.filled?.datap?.buffer ?? new ArrayBuffer())]).toEqual([1, 1, 2, 0, 256, 0]);
  });

  test('is about the process itself', () => {
    expect(answers([capset(1, none), capset(-1, none)])).toEqual(['EPERM', 'EPERM']);
  });

  test('dropping CAP_SETGID ends what it allowed', () => {
    const kept = capabilitySet(CAP_SETUID);
    expect(
      answers([capset(0, { effective: kept, permitted: kept, inheritable: 0 }), setgid(CAP_SETGID), setuid(1)]),
    ).toEqual([0, 'EPERM', 0]);
  });

  test('a struct with fields in another order is no struct of the kernel', () => {
    const { hdrp, datap } = capset(0, none).args;
    const fields = datap?.kind === 'struct' ? Object.entries(datap.fields).reverse() : [];
    const forged = makeCall('capset', {
      hdrp: hdrp as NonNullable<typeof hdrp>,
      datap: { kind: 'struct', name: 'user_cap_data', fields: Object.fromEntries(fields) },
    });
    expect(() => made([forged])).toThrow(ModelError);
  });
});
