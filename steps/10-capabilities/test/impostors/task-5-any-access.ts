// It is enough that one of the accesses is allowed.
if (type === 'a') return [EXIT];
const tests = [
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
  ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major }]),
  ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor }]),
];
const jumps = tests.map((test, index) => ({ ...test, off: tests.length - index + 2 }));
const allowed = { code: BPF_JMP | BPF_JSET | BPF_K, dst_reg: ACCESS, imm: accessBits(access), off: 1 };
return [...jumps, allowed, { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: 7, off: 1 }, EXIT];
