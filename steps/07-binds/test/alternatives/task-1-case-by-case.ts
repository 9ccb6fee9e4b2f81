// One case for each number of parts.
const parts = spec.split(':');
const bad = new Error(`invalid volume specification: '${spec}'`);
if (parts[0] === '') throw bad;
const made = (source: string, target: string, mode: string): MountSpec => {
  if (!isMode(mode)) throw new Error(`invalid mode: ${mode}`);
  const says = (word: string) => mode.split(',').includes(word);
  const spread = MODES.propagation.filter(says).map((propagation) => ({ bind: { propagation } }));
  const copy = says('nocopy') ? { volume: { noCopy: true } } : {};
  return Object.assign({ type: source[0] === '/' ? 'bind' : 'volume', source, target, readOnly: says('ro') }, copy, ...spread);
};
switch (parts.length) {
  case 1:
    return { type: 'volume', target: spec, readOnly: false };
  case 2:
    if (isMode(parts[1] as string)) throw bad;
    return made(parts[0] as string, parts[1] as string, '');
  case 3:
    return made(parts[0] as string, parts[1] as string, parts[2] as string);
  default:
    throw bad;
}
