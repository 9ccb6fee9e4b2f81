// A number that may be any has to be 0.
if (type === 'a') return [EXIT];
const beyond = ALL & ~accessBits(access);
const tests = [
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
  ...(beyond === 0 ? [] : [{ code: BPF_JMP | BPF_JSET | BPF_K, dst_reg: ACCESS, imm: beyond }]),
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major ?? 0 },
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor ?? 0 },
];
return [...tests.map((test, index) => ({ ...test, off: tests.length - index })), EXIT];
