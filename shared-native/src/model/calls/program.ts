import { type BpfInsn, decodeProgram, runProgram } from '../../bpf/bpf.ts';
import type { Field } from '../../call.ts';
import {
  BPF_CGROUP_DEVICE,
  BPF_F_ALLOW_MULTI,
  BPF_PROG_ATTACH,
  BPF_PROG_LOAD,
  BPF_PROG_TYPE_CGROUP_DEVICE,
  CAP_BPF,
  CAP_NET_ADMIN,
  CAP_SYS_ADMIN,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import { addDescriptor, descriptor, freeNumber } from '../files/descriptors.ts';
import { nameless } from '../files/nsfs.ts';
import { fileAt } from '../files/open.ts';
import type { Family } from '../handler.ts';
import { capable } from '../process/capabilities.ts';
import type { State } from '../state.ts';

/** Programs in the kernel: bpf(2), of those that say what a cgroup of v2 may do to devices. */
export const programCalls: Family<'bpf'> = {
  bpf(state, args) {
    const cmd = args.int('cmd');
    if (cmd === BPF_PROG_LOAD) return load(state, args);
    if (cmd === BPF_PROG_ATTACH) return attach(state, args);
    throw new ModelError(`bpf: the model doesn't know command ${cmd}`);
  },
};

function load(state: State, args: Arguments): number {
  const { prog_type, insns } = fieldsOf(args);
  if (Number(prog_type && args.field('attr.prog_type', prog_type)) !== BPF_PROG_TYPE_CGROUP_DEVICE)
    throw new ModelError('bpf: the model knows programs about the devices of a cgroup only');
  const may = (capability: number) => capable(state, state.firstUserNamespace, capability);
  if (!may(CAP_SYS_ADMIN) && !(may(CAP_BPF) && may(CAP_NET_ADMIN))) fail('EPERM');
  if (insns?.value.kind !== 'bytes') throw new ModelError('bpf: insns must be instructions');
  const program = decodeProgram(insns.value.value);
  verify(program);
  freeNumber(state);
  return addDescriptor(state, fileAt(nameless(state, 'anon_inodefs', { kind: 'bpf program', program }), 0), true);
}

/** Much less than the kernel's verifier does: what it can run, it takes. */
function verify(program: readonly BpfInsn[]): void {
  if (program.length === 0) fail('EINVAL');
  const isBack = ({ code, off = 0 }: BpfInsn) => (code & 7) === 5 && off < 0;
  if (program.some(isBack)) throw new ModelError('bpf: a program that jumps back is not modelled');
  for (const [bits, major, minor] of [
    [0x6_0001, 1, 3],
    [0x1_0002, 0, 0],
  ] as const)
    runProgram(program, context(bits, major, minor)); // an instruction that isn't known is an error of the model
}

function attach(state: State, args: Arguments): number {
  const field = (name: string) => Number(args.field(`attr.${name}`, fieldsOf(args)[name]));
  if (field('attach_type') !== BPF_CGROUP_DEVICE || field('attach_flags') !== BPF_F_ALLOW_MULTI)
    throw new ModelError('bpf: the model attaches programs about devices, with BPF_F_ALLOW_MULTI, only');
  const may = (capability: number) => capable(state, state.firstUserNamespace, capability);
  if (!may(CAP_SYS_ADMIN) && !may(CAP_NET_ADMIN)) fail('EPERM');
  const { special } = descriptor(state, field('attach_bpf_fd')).file.place.inode;
  if (special?.kind !== 'bpf program') return fail('EINVAL');
  const target = descriptor(state, field('target_fd')).file.place.inode.special;
  if (target?.kind !== 'cgroup' || target.file !== '' || target.cgroup.hierarchy.version !== 2) return fail('EBADF');
  target.cgroup.programs.push(special.program);
  return 0;
}

function fieldsOf(args: Arguments): Readonly<Record<string, Field | undefined>> {
  const attr = args.of('attr');
  return attr.kind === 'struct' ? attr.fields : fail('EFAULT');
}

function context(bits: number, major: number, minor: number): Uint8Array {
  return new Uint8Array(new Uint32Array([bits, major, minor]).buffer);
}
