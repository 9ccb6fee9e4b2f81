import { expect, test } from 'vitest';
import {
  AT_FDCWD,
  BPF_ALU64,
  BPF_CGROUP_DEVICE,
  BPF_EXIT,
  BPF_F_ALLOW_MULTI,
  BPF_H,
  BPF_JMP,
  BPF_JNE,
  BPF_K,
  BPF_LDX,
  BPF_MEM,
  BPF_MOV,
  BPF_PROG_ATTACH,
  BPF_PROG_LOAD,
  BPF_PROG_TYPE_CGROUP_DEVICE,
  type BpfInsn,
  bpf,
  type Call,
  makedev,
  mkdir,
  mknod,
  O_DIRECTORY,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  openat,
  S_IFCHR,
  write,
} from '../../src/index.ts';
import { machine, model, wouldFail } from '../../src/model/index.ts';

const TOP = '/sys/fs/cgroup/top';
const EXIT = { code: BPF_JMP | BPF_EXIT };
const answer = (imm: number): BpfInsn => ({ code: BPF_ALU64 | BPF_MOV | BPF_K, dst_reg: 0, imm });

/** Allows nothing but one access: 1 makes a node, 2 reads. */
const only = (access: number): BpfInsn[] => [
  { code: BPF_LDX | BPF_MEM | BPF_H, dst_reg: 2, src_reg: 1, off: 2 },
  answer(0),
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: 2, imm: access, off: 1 },
  answer(1),
  EXIT,
];

function attached(cgroup: string, insns: readonly BpfInsn[]): Call[] {
  const directory = openat(AT_FDCWD, cgroup, O_RDONLY | O_DIRECTORY);
  const program = bpf(BPF_PROG_LOAD, { prog_type: BPF_PROG_TYPE_CGROUP_DEVICE, insns, license: 'MIT' });
  const type = { attach_type: BPF_CGROUP_DEVICE, attach_flags: BPF_F_ALLOW_MULTI };
  return [directory, program, bpf(BPF_PROG_ATTACH, { target_fd: directory, attach_bpf_fd: program, ...type })];
}

function joined(cgroup: string): Call[] {
  const procs = openat(AT_FDCWD, `${cgroup}/cgroup.procs`, O_WRONLY);
  return [procs, write(procs, '0')];
}

const opens = (flags: number) => openat(AT_FDCWD, '/dev/null', flags);
const makes = mknod('/tmp/null', S_IFCHR | 0o600, makedev(1, 3));

test('a program of cgroup v2 decides what its processes and those below may do to devices, each of them', () => {
  const calls = [mkdir(TOP, 0o755), mkdir(`${TOP}/below`, 0o755), ...attached(TOP, only(2))];
  const { state, failed } = model(machine()).run([...calls, ...joined(`${TOP}/below`)]);
  expect(failed).toBeUndefined();
  expect([opens(O_RDONLY), opens(O_RDWR), makes].map((call) => wouldFail(state, call))).toEqual([
    undefined,
    'EPERM',
    'EPERM',
  ]);
  const both = model(state).run(attached(`${TOP}/below`, only(1))).state;
  expect([opens(O_RDONLY), makes].map((call) => wouldFail(both, call))).toEqual(['EPERM', 'EPERM']);
});

test('and nobody’s who is in another cgroup', () => {
  const { state } = model(machine()).run([mkdir(TOP, 0o755), ...attached(TOP, only(2))]);
  expect([opens(O_RDWR), makes].map((call) => wouldFail(state, call))).toEqual([undefined, undefined]);
});

test('it takes a capability, a cgroup, and a program', () => {
  const [directory, program, attach] = attached('/sys/fs/cgroup', only(2)) as [Call, Call, Call];
  const errorOf = (calls: Call[], on = machine()) => model(on).run(calls).failed?.error;
  expect(errorOf([directory, program, attach])).toBeUndefined();
  expect(errorOf([program], machine({ capabilities: 0n }))).toBe('EPERM');
  expect(errorOf(attached('/tmp', only(2)))).toBe('EBADF');
  const type = { attach_type: BPF_CGROUP_DEVICE, attach_flags: BPF_F_ALLOW_MULTI };
  const itself = bpf(BPF_PROG_ATTACH, { target_fd: directory, attach_bpf_fd: directory, ...type });
  expect(errorOf([directory, itself])).toBe('EINVAL');
});
