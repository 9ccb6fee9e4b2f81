// Only what the rule says, letter for letter: a rule of rwm doesn't allow reading alone.
if (type === 'a') return [EXIT];
const tests = [
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: TYPES[type] },
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: ACCESS, imm: accessBits(access) },
  ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major }]),
  ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor }]),
];
return [...tests.map((test, index) => ({ ...test, off: tests.length - index })), EXIT];
