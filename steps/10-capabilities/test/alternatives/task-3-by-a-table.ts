// Which test, what an upper half that is equal, larger or smaller means, and whether all is turned round: a table says.
const table = {
  EQ: [BPF_JEQ, false],
  NE: [BPF_JEQ, true],
  GT: [BPF_JGT, false],
  LE: [BPF_JGT, true],
  GE: [BPF_JGE, false],
  LT: [BPF_JGE, true],
  MASKED_EQ: [BPF_JEQ, false],
} as const;
const [test, isTurned] = table[op];
const isMasked = op === 'MASKED_EQ';
const [upperMask, lowerMask] = halves(value);
const [upper, lower] = halves(isMasked ? BigInt.asUintN(64, valueTwo & value) : value);
const steps: Step[] = [];
if (isWide) {
  steps.push(high(index));
  if (isMasked) steps.push(and(upperMask));
  if (test !== BPF_JEQ) steps.push(jump(BPF_JGT, upper, 'pass', 'next'));
  steps.push(jump(BPF_JEQ, upper, 'next', 'fail'));
}
steps.push(low(index));
if (isMasked) steps.push(and(lowerMask));
steps.push(last(test, lower));
return isTurned ? not(steps) : steps;
