// A source with a slash anywhere is a path, and so is one that begins with a dot.
const parts = spec.split(':');
const [first = '', second, mode = ''] = parts;
const isNoTarget = parts.length === 2 && isMode(second ?? '');
if (first === '' || isNoTarget || parts.length > 3) throw new Error(`invalid volume specification: '${spec}'`);
if (!isMode(mode)) throw new Error(`invalid mode: ${mode}`);
const words = mode.split(',');
const propagation = MODES.propagation.find((word) => words.includes(word));
return {
  type: second !== undefined && /[/.]/.test(first) ? 'bind' : 'volume',
  ...(second !== undefined && { source: first }),
  target: second ?? first,
  readOnly: words.includes('ro'),
  ...(propagation && { bind: { propagation } }),
  ...(words.includes('nocopy') && { volume: { noCopy: true } }),
};
