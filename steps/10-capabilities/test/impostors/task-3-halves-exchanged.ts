// The first four bytes are taken for the upper half, as on a big-endian machine.
const [upper, lower] = halves(value);
const larger = [low(index), jump(BPF_JGT, upper, 'pass', 'next'), jump(BPF_JEQ, upper, 'next', 'fail')];
const same = [low(index), jump(BPF_JEQ, upper, 'next', 'fail')];
switch (op) {
  case 'EQ':
    return [...(isWide ? same : []), high(index), last(BPF_JEQ, lower)];
  case 'GT':
    return [...(isWide ? larger : []), high(index), last(BPF_JGT, lower)];
  case 'GE':
    return [...(isWide ? larger : []), high(index), last(BPF_JGE, lower)];
  case 'MASKED_EQ': {
    const [upperBits, lowerBits] = halves(valueTwo & value);
    const first = [low(index), and(upper), jump(BPF_JEQ, upperBits, 'next', 'fail')];
    return [...(isWide ? first : []), high(index), and(lower), last(BPF_JEQ, lowerBits)];
  }
  case 'NE':
    return not(condition64({ index, op: 'EQ', value, valueTwo }, isWide));
  case 'LT':
    return not(condition64({ index, op: 'GE', value, valueTwo }, isWide));
  case 'LE':
    return not(condition64({ index, op: 'GT', value, valueTwo }, isWide));
}
