// What AUFS kept for itself is taken for a whiteout of a file .wh.plnk.
const text = name.toString('latin1');
if (!text.startsWith(PREFIX)) return undefined;
if (text === OPAQUE) return { kind: 'opaque' };
const rest = text.slice(PREFIX.length);
if (['', '.', '..'].includes(rest)) throw new Error('no name');
return { kind: 'whiteout', name: name.subarray(PREFIX.length) };
