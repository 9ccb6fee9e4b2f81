// Calls of x32 are looked at as if their arguments had two halves.
const [upper, lower] = halves(value);
const larger = [high(index), jump(BPF_JGT, upper, 'pass', 'next'), jump(BPF_JEQ, upper, 'next', 'fail')];
const same = [high(index), jump(BPF_JEQ, upper, 'next', 'fail')];
switch (op) {
  case 'EQ':
    return [...same, low(index), last(BPF_JEQ, lower)];
  case 'GT':
    return [...larger, low(index), last(BPF_JGT, lower)];
  case 'GE':
    return [...larger, low(index), last(BPF_JGE, lower)];
  case 'MASKED_EQ': {
    const [upperBits, lowerBits] = halves(valueTwo & value);
    const first = [high(index), and(upper), jump(BPF_JEQ, upperBits, 'next', 'fail')];
    return [...first, low(index), and(lower), last(BPF_JEQ, lowerBits)];
  }
  case 'NE':
    return not(condition64({ index, op: 'EQ', value, valueTwo }, true));
  case 'LT':
    return not(condition64({ index, op: 'GE', value, valueTwo }, true));
  case 'LE':
    return not(condition64({ index, op: 'GT', value, valueTwo }, true));
}
