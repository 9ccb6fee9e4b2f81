// Words that there aren't are passed over.
const parts = spec.split(':');
const [first = '', second, mode = ''] = parts;
const isNoTarget = parts.length === 2 && isMode(second ?? '');
if (first === '' || isNoTarget || parts.length > 3) throw new Error(`invalid volume specification: '${spec}'`);
const words = mode.split(',');
const propagation = MODES.propagation.find((word) => words.includes(word));
return {
  type: second !== undefined && first.startsWith('/') ? 'bind' : 'volume',
  ...(second !== undefined && { source: first }),
  target: second ?? first,
  readOnly: words.includes('ro'),
  ...(propagation && { bind: { propagation } }),
  ...(words.includes('nocopy') && { volume: { noCopy: true } }),
};
