// One pattern takes the name apart.
const [, second, rest] = /^\.wh\.(\.wh\.)?(.*)$/s.exec(name.toString('binary')) ?? [];
if (rest === undefined) return undefined;
if (second !== undefined) return rest === '.opq' ? { kind: 'opaque' } : { kind: 'ignored' };
if (/^\.{0,2}$/.test(rest)) throw new Error(`there is no file ${rest}`);
return { kind: 'whiteout', name: Buffer.from(rest, 'binary') };
