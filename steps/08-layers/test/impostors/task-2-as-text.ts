// The name is made a text and bytes again: what is no UTF-8 becomes another name.
const text = name.toString();
if (!text.startsWith(PREFIX)) return undefined;
if (text === OPAQUE) return { kind: 'opaque' };
const rest = text.slice(PREFIX.length);
if (rest.startsWith(PREFIX)) return { kind: 'ignored' };
if (['', '.', '..'].includes(rest)) throw new Error('no name');
return { kind: 'whiteout', name: Buffer.from(rest) };
