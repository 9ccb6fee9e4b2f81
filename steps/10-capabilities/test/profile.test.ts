import { describe, expect, test } from 'vitest';
import { parseProfile, profileFor } from '../src/seccomp/read.ts';

const HERE = { arch: 'x86_64', capabilities: ['CAP_CHOWN'], kernel: '6.18.44-generic' } as const;
const read = (profile: object | string, situation: Parameters<typeof profileFor>[1] = HERE) =>
  profileFor(parseProfile(typeof profile === 'string' ? profile : JSON.stringify(profile)), situation);
const rule = (more: object = {}) => ({ names: ['read'], action: 'SCMP_ACT_ALLOW', ...more });
const profile = (...syscalls: object[]) => ({ defaultAction: 'SCMP_ACT_ERRNO', syscalls });

test('the form of the OCI runtime specification is read whole', () => {
  expect(
    read({
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X32', 'SCMP_ARCH_S390X'],
      flags: ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'],
      syscalls: [
        rule({ args: [{ index: 2, value: 3, valueTwo: 1, op: 'SCMP_CMP_MASKED_EQ' }] }),
        { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
        { names: ['ptrace'], action: 'SCMP_ACT_TRACE' },
      ],
    }),
  ).toEqual({
    otherwise: 0x8000_0000,
    architectures: ['x86_64', 'x32'],
    flags: 6,
    rules: [
      {
        names: ['read'],
        action: 0x7fff_0000,
        conditions: [{ index: 2, op: 'MASKED_EQ', value: 3n, valueTwo: 1n }],
      },
      { names: ['clone3'], action: 0x5_0026, conditions: [] },
      { names: ['ptrace'], action: 0x7ff0_0001, conditions: [] },
    ],
  });
});

test('a profile that names no flags gets what runc gives it, one that names none of them gets none', () => {
  expect(read(profile()).flags).toBe(4); // SECCOMP_FILTER_FLAG_SPEC_ALLOW
  expect(read({ ...profile(), flags: null }).flags).toBe(4);
  expect(read({ ...profile(), flags: [] }).flags).toBe(0);
});

test('an argument’s value keeps all of its 64 bits', () => {
  const text = `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":18446744073709551615,"op":"SCMP_CMP_EQ"}]}]}`;
  expect(read(text).rules[0]?.conditions[0]?.value).toBe((1n << 64n) - 1n);
});

describe('a rule of docker’s applies', () => {
  const applies = (more: object, situation?: Parameters<typeof profileFor>[1]) =>
    read(profile(rule(more)), situation).rules.length === 1;

  test('where the container has all capabilities that it includes, and none that it excludes', () => {
    expect(applies({ includes: { caps: ['CAP_CHOWN'] } })).toBe(true);
    expect(applies({ includes: { caps: ['CAP_CHOWN', 'CAP_BPF'] } })).toBe(false);
    expect(applies({ excludes: { caps: ['CAP_BPF'] } })).toBe(true);
    expect(applies({ excludes: { caps: ['CAP_BPF', 'CAP_CHOWN'] } })).toBe(false);
  });

  test('on the machines and from the kernel that it names', () => {
    expect(applies({ includes: { arches: ['amd64'] } })).toBe(true);
    expect(applies({ includes: { arches: ['amd64'] } }, { ...HERE, arch: 'aarch64' })).toBe(false);
    expect(applies({ excludes: { arches: ['amd64'] } })).toBe(false);
    expect(applies({ includes: { minKernel: '6.18' } })).toBe(true);
    expect(applies({ includes: { minKernel: '6.19' } })).toBe(false);
    expect(applies({ includes: { minKernel: '4.8' } }, { ...HERE, kernel: '5.4.0' })).toBe(true);
  });

  test('to the architectures that its archMap has for this machine', () => {
    const archMap = [{ architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] }];
    const map = { ...profile(rule()), archMap };
    expect(read(map, { ...HERE, arch: 'aarch64' }).architectures).toEqual(['aarch64', 'arm']);
    expect(read(map).architectures).toEqual(['x86_64']);
  });
});

test.each([
  [{}, 'defaultAction: expected one of SCMP_ACT_KILL'],
  [[], 'expected an object'],
  [{ defaultAction: 'ALLOW' }, 'defaultAction: expected one of'],
  [{ defaultAction: 'SCMP_ACT_NOTIFY' }, 'defaultAction: expected one of'],
  [{ ...profile(), architectures: ['x86'] }, 'architectures[0]: expected one of SCMP_ARCH_X86_64'],
  [{ ...profile(), flags: ['SPEC'] }, 'flags[0]: expected one of'],
  [{ ...profile(), listenerPath: '/run/socket' }, 'listenerPath'],
  [profile(rule({ names: [] })), 'syscalls[0].names: expected the name of a system call'],
  [profile(rule({ name: 'write' })), 'syscalls[0].name: use it or names, not both'],
  [profile(rule(), rule({ action: 'SCMP_ACT_NONE' })), 'syscalls[1].action: expected one of'],
  [profile(rule({ errnoRet: 70_000, action: 'SCMP_ACT_ERRNO' })), 'syscalls[0].action: expected an errno'],
  [profile(rule({ args: [{ index: 6, value: 0, op: 'SCMP_CMP_EQ' }] })), 'syscalls[0].args[0].index: expected 0 to 5'],
  [profile(rule({ args: [{ index: 0, value: 0, op: 'EQ' }] })), 'syscalls[0].args[0].op: expected one of'],
  [
    profile(rule({ args: [{ index: 0, value: -1, op: 'SCMP_CMP_EQ' }] })),
    'syscalls[0].args[0].value: expected a whole number',
  ],
  [
    profile(rule({ args: [{ index: 0, value: 1.5, op: 'SCMP_CMP_EQ' }] })),
    'syscalls[0].args[0].value: expected a whole number',
  ],
  [profile(rule({ includes: { minKernel: '4' } })), 'syscalls[0].includes.minKernel: expected a kernel’s version'],
  [
    { ...profile(), architectures: ['SCMP_ARCH_X86'], archMap: [{ architecture: 'SCMP_ARCH_X86_64' }] },
    'archMap: use it or architectures, not both',
  ],
])('%j is refused with what is wrong, and where', (wrong, message) => {
  expect(() => read(wrong)).toThrow(message);
});
