// Whatever the index says, the first argument is looked at.
const [upper, lower] = halves(value);
const larger = [high(0), jump(BPF_JGT, upper, 'pass', 'next'), jump(BPF_JEQ, upper, 'next', 'fail')];
const same = [high(0), jump(BPF_JEQ, upper, 'next', 'fail')];
switch (op) {
  case 'EQ':
    return [...(isWide ? same : []), low(0), last(BPF_JEQ, lower)];
  case 'GT':
    return [...(isWide ? larger : []), low(0), last(BPF_JGT, lower)];
  case 'GE':
    return [...(isWide ? larger : []), low(0), last(BPF_JGE, lower)];
  case 'MASKED_EQ': {
    const [upperBits, lowerBits] = halves(valueTwo & value);
    const first = [high(0), and(upper), jump(BPF_JEQ, upperBits, 'next', 'fail')];
    return [...(isWide ? first : []), low(0), and(lower), last(BPF_JEQ, lowerBits)];
  }
  case 'NE':
    return not(condition64({ index, op: 'EQ', value, valueTwo }, isWide));
  case 'LT':
    return not(condition64({ index, op: 'GE', value, valueTwo }, isWide));
  case 'LE':
    return not(condition64({ index, op: 'GT', value, valueTwo }, isWide));
}
