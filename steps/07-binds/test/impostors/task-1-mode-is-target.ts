// Only the first colon counts: what is behind the second belongs to the target.
const [first = '', ...rest] = spec.split(':');
const second = rest.length > 0 ? rest.join(':') : undefined;
const mode: string = '';
if (first === '' || (second !== undefined && isMode(second))) throw new Error(`invalid volume specification: '${spec}'`);
if (!isMode(mode)) throw new Error(`invalid mode: ${mode}`);
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
