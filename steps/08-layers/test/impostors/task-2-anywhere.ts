// .wh. counts wherever it is in the name.
const text = name.toString('latin1');
if (text === OPAQUE) return { kind: 'opaque' };
const at = text.indexOf(PREFIX);
if (at === -1) return undefined;
const rest = text.slice(at + PREFIX.length);
if (rest.startsWith(PREFIX)) return { kind: 'ignored' };
if (['', '.', '..'].includes(rest)) throw new Error('no name');
return { kind: 'whiteout', name: name.subarray(at + PREFIX.length) };
