// Each test skips a jump to the end.
import { BPF_JA, BPF_JEQ } from 'shared-native';
if (type === 'a') return [EXIT];
const same: [register: number, value: number][] = [[TYPE, TYPES[type]]];
if (major !== null) same.push([MAJOR, major]);
if (minor !== null) same.push([MINOR, minor]);
const length = 2 * same.length + 2;
const insns: BpfInsn[] = [];
for (const [register, value] of same) {
  insns.push({ code: BPF_JMP | BPF_JEQ | BPF_K, dst_reg: register, imm: value, off: 1 });
  insns.push({ code: BPF_JMP | BPF_JA, off: length - insns.length - 1 });
}
insns.push({ code: BPF_JMP | BPF_JSET | BPF_K, dst_reg: ACCESS, imm: ALL & ~accessBits(access), off: 1 });
return [...insns, EXIT];
