// The major number is compared with the minor one.
if (type === 'a') return [EXIT];
const beyond = ALL & ~accessBits(access);
const tests = [
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
  ...(beyond === 0 ? [] : [{ code: BPF_JMP | BPF_JSET | BPF_K, dst_reg: ACCESS, imm: beyond }]),
  ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: major }]),
  ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: minor }]),
];
return [...tests.map((test, index) => ({ ...test, off: tests.length - index })), EXIT];
