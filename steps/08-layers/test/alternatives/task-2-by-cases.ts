// The cases one after another, in hexadecimal.
const hex = name.toString('hex');
switch (true) {
  case hex === Buffer.from(OPAQUE).toString('hex'):
    return { kind: 'opaque' };
  case hex.startsWith('2e77682e2e77682e'):
    return { kind: 'ignored' };
  case ['2e77682e', '2e77682e2e', '2e77682e2e2e'].includes(hex):
    throw new Error('a whiteout without a name');
  case hex.startsWith('2e77682e'):
    return { kind: 'whiteout', name: Buffer.from(name.subarray(4)) };
  default:
    return undefined;
}
