// All seven are spelled out, without not().
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
    return [...(isWide ? [high(index), jump(BPF_JEQ, upper, 'next', 'pass')] : []), low(index), jump(BPF_JEQ, lower, 'fail', 'pass')];
  case 'LT':
    return [...(isWide ? [high(index), jump(BPF_JGT, upper, 'fail', 'next'), jump(BPF_JEQ, upper, 'next', 'pass')] : []), low(index), jump(BPF_JGE, lower, 'fail', 'pass')];
  case 'LE':
    return [...(isWide ? [high(index), jump(BPF_JGT, upper, 'fail', 'next'), jump(BPF_JEQ, upper, 'next', 'pass')] : []), low(index), jump(BPF_JGT, lower, 'fail', 'pass')];
}
