// The bits are masked where they are: the rules that follow see what is left of them.
import { BPF_AND } from 'shared-native';
if (type === 'a') return [EXIT];
const tests: BpfInsn[] = [
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
  { code: BPF_ALU64 | BPF_AND | BPF_K, dst_reg: ACCESS, imm: ALL & ~accessBits(access) },
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: ACCESS, imm: 0 },
  ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major }]),
  ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor }]),
];
const skips = (test: BpfInsn, off: number) => ((test.code & 7) === BPF_JMP ? { ...test, off } : test);
return [...tests.map((test, index) => skips(test, tests.length - index)), EXIT];
