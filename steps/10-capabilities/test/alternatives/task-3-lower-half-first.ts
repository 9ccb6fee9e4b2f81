// Where both halves must be equal, the lower one may come first; GE is not LT, and LT is spelled out.
const [upper, lower] = halves(value);
const less = (test: number) => [
  ...(isWide ? [high(index), jump(BPF_JEQ, upper, 'next', 'next'), jump(BPF_JGE, upper, 'next', 'pass')] : []),
  ...(isWide ? [jump(BPF_JGT, upper, 'fail', 'next')] : []),
  low(index),
  jump(test, lower, 'fail', 'pass'),
];
if (op === 'LT') return less(BPF_JGE);
if (op === 'LE') return less(BPF_JGT);
if (op === 'GE') return not(less(BPF_JGE));
if (op === 'GT') return not(less(BPF_JGT));
const mask = op === 'MASKED_EQ' ? value : (1n << 64n) - 1n;
const [upperMask, lowerMask] = halves(mask);
const [upperBits, lowerBits] = halves(op === 'MASKED_EQ' ? valueTwo & mask : value);
const same = isWide
  ? [
      low(index),
      and(lowerMask),
      jump(BPF_JEQ, lowerBits, 'next', 'fail'),
      high(index),
      and(upperMask),
      last(BPF_JEQ, upperBits),
    ]
  : [low(index), and(lowerMask), last(BPF_JEQ, lowerBits)];
return op === 'NE' ? not(same) : same;
