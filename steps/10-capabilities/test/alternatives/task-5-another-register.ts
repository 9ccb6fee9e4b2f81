// What is asked for is loaded again, into a register that nobody needs, and masked there.
import { BPF_AND } from 'shared-native';
const SCRATCH = 6;
if (type === 'a') return [{ code: BPF_JMP | BPF_EXIT }];
const tests: BpfInsn[] = [
  { code: BPF_LDX | BPF_MEM | BPF_H, dst_reg: SCRATCH, src_reg: ASKED, off: 2 },
  { code: BPF_ALU64 | BPF_AND | BPF_K, dst_reg: SCRATCH, imm: ALL ^ accessBits(access) },
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: SCRATCH, imm: 0 },
  ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor }]),
  ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major }]),
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
  EXIT,
];
return tests.map((insn, index) => (insn.dst_reg !== undefined && (insn.code & 7) === BPF_JMP ? { ...insn, off: tests.length - 1 - index } : insn));
