// The opaque marker is taken for a whiteout of a file called .wh..opq.
const text = name.toString('latin1');
if (!text.startsWith(PREFIX)) return undefined;
const rest = text.slice(PREFIX.length);
if (['', '.', '..'].includes(rest)) throw new Error('no name');
return { kind: 'whiteout', name: name.subarray(PREFIX.length) };
