// Two numbers only differ if both of their halves do.
const [upper, lower] = halves(value);
const larger = [high(index), jump(BPF_JGT, upper, 'pass', 'next'), jump(BPF_JEQ, upper, 'next', 'fail')];
const same = [high(index), jump(BPF_JEQ, upper, 'next', 'fail')];
switch (op) {
  case 'EQ':
    return [...(isWide ? same : []), low(index), last(BPF_JEQ, lower)];
  case 'GT':
    return [...(isWide ? larger : []), low(index), last(BPF_JGT, lower)];
  case 'GE':
    return [...(isWide ? larger : []), low(index), last(BPF_JGE, lower)];
  case 'MASKED_EQ': {
    const [upperBits, lowerBits] = halves(valueTwo & value);
    const first = [high(index), and(upper), jump(BPF_JEQ, upperBits, 'next', 'fail')];
    return [...(isWide ? first : []), low(index), and(lower), last(BPF_JEQ, lowerBits)];
  }
  case 'NE':
    return [...(isWide ? [high(index), jump(BPF_JEQ, upper, 'fail', 'next')] : []), low(index), jump(BPF_JEQ, lower, 'fail', 'pass')];
  case 'LT':
    return not(condition64({ index, op: 'GE', value, valueTwo }, isWide));
  case 'LE':
    return not(condition64({ index, op: 'GT', value, valueTwo }, isWide));
}
