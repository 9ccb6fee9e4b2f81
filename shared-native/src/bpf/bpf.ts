import { type BpfInsn, decodeProgram, encodeProgram } from './instruction.ts';
import { EXIT, MEANINGS } from './meaning.ts';

export { BPF_INSN_BYTES, type BpfInsn, decodeProgram, encodeProgram } from './instruction.ts';

/** A program as people read it, a line for each instruction: `if r2 != 2 goto +3`. */
export function disassemble(program: readonly BpfInsn[]): string[] {
  return asKernelHasIt(program).map((insn) => MEANINGS.get(insn.code)?.text(insn) ?? unknown(insn));
}

/**
 * Runs a program that the kernel would take: what it leaves in r0.
 *
 * @param context - what r1 points to: for a device, struct bpf_cgroup_dev_ctx
 * @throws {Error} for an instruction that isn't known here, and for a jump out of the program
 */
export function runProgram(program: readonly BpfInsn[], context: Uint8Array): number {
  const insns = asKernelHasIt(program);
  const registers = { r: [] as number[], context: new DataView(context.buffer, context.byteOffset, context.length) };
  for (let at = 0; ; at++) {
    const insn = insns[at];
    if (!insn) throw new Error(`the program has no instruction ${at}: it lacks an exit, or a jump leads out of it`);
    if (insn.code === EXIT) return registers.r[0] ?? 0;
    const meaning = MEANINGS.get(insn.code);
    if (!meaning) throw new Error(`instruction ${at}: ${unknown(insn)}`);
    at += meaning.run(insn, registers) ?? 0;
  }
}

/** Every number as the kernel reads it: those that were left out, and the sign of the others. */
function asKernelHasIt(program: readonly BpfInsn[]): Required<BpfInsn>[] {
  return decodeProgram(encodeProgram(program)) as Required<BpfInsn>[];
}

function unknown({ code }: BpfInsn): string {
  return `code 0x${code.toString(16)}, which isn't known here`;
}
