// The bytes are compared as they are.
const begins = (bytes: Buffer) => bytes.subarray(0, 4).equals(Buffer.from('.wh.'));
if (!begins(name)) return undefined;
if (name.equals(Buffer.from('.wh..wh..opq'))) return { kind: 'opaque' };
const rest = name.subarray(4);
if (begins(rest)) return { kind: 'ignored' };
const dots = rest.every((byte) => byte === 0x2e);
if (dots && rest.length < 3) throw new RangeError('that is the name of no file');
return { kind: 'whiteout', name: rest };
