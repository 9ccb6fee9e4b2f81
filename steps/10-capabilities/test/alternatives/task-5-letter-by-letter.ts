// Each letter that the rule lacks has a test of its own.
if (type === 'a') return [EXIT];
const missing = [...'rwm'].filter((letter) => !access.includes(letter));
const jumps = [
  ...missing.map((letter) => [BPF_JSET, ACCESS, accessBits(letter)] as const),
  [BPF_JNE, TYPE, TYPES[type]] as const,
  ...(minor === null ? [] : [[BPF_JNE, MINOR, minor] as const]),
  ...(major === null ? [] : [[BPF_JNE, MAJOR, major] as const]),
].toReversed();
return jumps.reduceRight<BpfInsn[]>(
  (rest, [test, dst_reg, imm]) => [{ code: BPF_JMP | test | BPF_K, dst_reg, imm, off: rest.length }, ...rest],
  [EXIT],
);
