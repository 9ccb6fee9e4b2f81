// The mask is taken for the bits, and the bits for the mask.
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
    const [upperBits, lowerBits] = halves(valueTwo);
    const first = [high(index), and(upperBits), jump(BPF_JEQ, upper, 'next', 'fail')];
    return [...(isWide ? first : []), low(index), and(lowerBits), last(BPF_JEQ, lower)];
  }
  case 'NE':
    return not(condition64({ index, op: 'EQ', value, valueTwo }, isWide));
  case 'LT':
    return not(condition64({ index, op: 'GE', value, valueTwo }, isWide));
  case 'LE':
    return not(condition64({ index, op: 'GT', value, valueTwo }, isWide));
}
