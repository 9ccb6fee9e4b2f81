// .wh. alone is taken for a file like any other, and would be unpacked.
const text = name.toString('latin1');
if (!text.startsWith(PREFIX) || text === PREFIX) return undefined;
if (text === OPAQUE) return { kind: 'opaque' };
const rest = text.slice(PREFIX.length);
if (rest.startsWith(PREFIX)) return { kind: 'ignored' };
if (['.', '..'].includes(rest)) throw new Error('no name');
return { kind: 'whiteout', name: name.subarray(PREFIX.length) };
