// .WH. is taken for .wh.: names differ by case.
const text = name.toString('latin1').toLowerCase();
if (!text.startsWith(PREFIX)) return undefined;
if (text === OPAQUE) return { kind: 'opaque' };
const rest = text.slice(PREFIX.length);
if (rest.startsWith(PREFIX)) return { kind: 'ignored' };
if (['', '.', '..'].includes(rest)) throw new Error('no name');
return { kind: 'whiteout', name: name.subarray(PREFIX.length) };
