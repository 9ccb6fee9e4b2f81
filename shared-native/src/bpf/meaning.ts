import {
  BPF_ALU64,
  BPF_AND,
  BPF_EXIT,
  BPF_H,
  BPF_JA,
  BPF_JEQ,
  BPF_JMP,
  BPF_JNE,
  BPF_JSET,
  BPF_K,
  BPF_LDX,
  BPF_MEM,
  BPF_MOV,
  BPF_W,
} from '../kernel/constants.ts';
import type { BpfInsn } from './instruction.ts';

/** What a program works on. */
export interface Registers {
  /** r0 to r10, of 64 bits, as signed numbers. */
  readonly r: number[];
  /** What r1 points to at the start. */
  readonly context: DataView;
}

/** What an instruction means. */
export interface Meaning {
  /** As the kernel's verifier and bpftool write it. */
  text(insn: Required<BpfInsn>): string;
  /** @returns how many instructions to skip; none unless given */
  run(insn: Required<BpfInsn>, registers: Registers): number | undefined;
}

/** The instructions that are known here, by their code. */
export const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [BPF_LDX | BPF_MEM | BPF_W, load('u32', (context, at) => context.getUint32(at, true))],
  [BPF_LDX | BPF_MEM | BPF_H, load('u16', (context, at) => context.getUint16(at, true))],
  [BPF_ALU64 | BPF_MOV | BPF_K, set('=', (_, imm) => imm)],
  [BPF_ALU64 | BPF_AND | BPF_K, set('&=', (value, imm) => (value & imm) >>> 0)],
  [BPF_JMP | BPF_JEQ | BPF_K, jumpIf('==', (value, imm) => value === imm)],
  [BPF_JMP | BPF_JNE | BPF_K, jumpIf('!=', (value, imm) => value !== imm)],
  [BPF_JMP | BPF_JSET | BPF_K, jumpIf('&', (value, imm) => (value & imm) !== 0)],
  [BPF_JMP | BPF_JA, { text: ({ off }) => `goto ${signed(off)}`, run: ({ off }) => off }],
  [BPF_JMP | BPF_EXIT, { text: () => 'exit', run: () => undefined }],
]);

/** The instruction that ends a program: r0 is its answer. */
export const EXIT = BPF_JMP | BPF_EXIT;

function load(type: string, read: (context: DataView, at: number) => number): Meaning {
  return {
    text: ({ dst_reg, src_reg, off }) => `r${dst_reg} = *(${type} *)(r${src_reg} ${signed(off)})`,
    run({ dst_reg, off }, { r, context }) {
      r[dst_reg] = read(context, off);
      return undefined;
    },
  };
}

function set(sign: string, result: (value: number, imm: number) => number): Meaning {
  return {
    text: ({ dst_reg, imm }) => `r${dst_reg} ${sign} ${imm}`,
    run({ dst_reg, imm }, { r }) {
      r[dst_reg] = result(r[dst_reg] ?? 0, imm);
      return undefined;
    },
  };
}

function jumpIf(sign: string, isSo: (value: number, imm: number) => boolean): Meaning {
  return {
    text: ({ dst_reg, imm, off }) => `if r${dst_reg} ${sign} ${imm} goto ${signed(off)}`,
    run: ({ dst_reg, imm, off }, { r }) => (isSo(r[dst_reg] ?? 0, imm) ? off : undefined),
  };
}

function signed(number: number): string {
  return number < 0 ? String(number) : `+${number}`;
}
