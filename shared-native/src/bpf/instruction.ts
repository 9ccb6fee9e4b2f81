import { within } from '../calls/arguments.ts';

/** One instruction of an eBPF program, struct bpf_insn in <linux/bpf.h>. What is left out is 0. */
export interface BpfInsn {
  /** BPF_* constants, combined: the class of the instruction, what it does, where its operand comes from. */
  readonly code: number;
  /** The register that it writes to or compares, 0 to 10. */
  readonly dst_reg?: number;
  /** The register that it takes its operand from, 0 to 10. */
  readonly src_reg?: number;
  /** Of a load: where, in bytes from the address in `src_reg`. Of a jump: how many instructions to skip. */
  readonly off?: number;
  /** An operand that stands in the instruction: 32 bits, widened with its sign. */
  readonly imm?: number;
}

/** Bytes of an instruction. */
export const BPF_INSN_BYTES = 8;

const REGISTERS = 11;

/** A program as the kernel takes it. @throws {RangeError} if a number doesn't fit */
export function encodeProgram(program: readonly BpfInsn[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(program.length * BPF_INSN_BYTES));
  for (const [index, { code, dst_reg = 0, src_reg = 0, off = 0, imm = 0 }] of program.entries()) {
    const at = index * BPF_INSN_BYTES;
    within(`insns[${index}].code`, code, 0, 0xff);
    within(`insns[${index}].dst_reg`, dst_reg, 0, REGISTERS - 1);
    within(`insns[${index}].src_reg`, src_reg, 0, REGISTERS - 1);
    within(`insns[${index}].off`, off, -0x8000, 0x7fff);
    within(`insns[${index}].imm`, imm, -0x8000_0000, 0xffff_ffff);
    view.setUint8(at, code);
    view.setUint8(at + 1, (src_reg << 4) | dst_reg);
    view.setInt16(at + 2, off, true);
    view.setInt32(at + 4, imm, true);
  }
  return new Uint8Array(view.buffer);
}

/** The instructions of a program that `encodeProgram`, or a kernel, has written. */
export function decodeProgram(bytes: Uint8Array): BpfInsn[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / BPF_INSN_BYTES }, (_, index) => {
    const at = index * BPF_INSN_BYTES;
    const registers = view.getUint8(at + 1);
    return {
      code: view.getUint8(at),
      dst_reg: registers & 0xf,
      src_reg: registers >> 4,
      off: view.getInt16(at + 2, true),
      imm: view.getInt32(at + 4, true),
    };
  });
}
