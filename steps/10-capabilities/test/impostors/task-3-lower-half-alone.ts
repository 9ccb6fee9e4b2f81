// Only the lower half is looked at: 2^32 + 7 is equal to 7.
const [, lower] = halves(value);
switch (op) {
  case 'EQ':
    return [low(index), last(BPF_JEQ, lower)];
  case 'GT':
    return [low(index), last(BPF_JGT, lower)];
  case 'GE':
    return [low(index), last(BPF_JGE, lower)];
  case 'MASKED_EQ': {
    return [low(index), and(lower), last(BPF_JEQ, halves(valueTwo & value)[1])];
  }
  case 'NE':
    return not(condition64({ index, op: 'EQ', value, valueTwo }, isWide));
  case 'LT':
    return not(condition64({ index, op: 'GE', value, valueTwo }, isWide));
  case 'LE':
    return not(condition64({ index, op: 'GT', value, valueTwo }, isWide));
}
