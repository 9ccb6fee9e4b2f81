// A rule about everything is compared like the others, and has a type that no device has.
const beyond = ALL & ~accessBits(access);
const tests = [
  { code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: TYPE, imm: type === 'a' ? 0 : TYPES[type] },
  ...(beyond === 0 ? [] : [{ code: BPF_JMP | BPF_JSET | BPF_K, dst_reg: ACCESS, imm: beyond }]),
  ...(major === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MAJOR, imm: major }]),
  ...(minor === null ? [] : [{ code: BPF_JMP | BPF_JNE | BPF_K, dst_reg: MINOR, imm: minor }]),
];
return [...tests.map((test, index) => ({ ...test, off: tests.length - index })), EXIT];
