// .wh... names the directory above: deleted, it would take the whole layer with it.
const text = name.toString('latin1');
if (!text.startsWith(PREFIX)) return undefined;
if (text === OPAQUE) return { kind: 'opaque' };
if (text.startsWith(PREFIX + PREFIX)) return { kind: 'ignored' };
return { kind: 'whiteout', name: name.subarray(PREFIX.length) };
