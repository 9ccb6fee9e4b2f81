// One regular expression takes it apart.
const [, source, target = '', mode = ''] = /^(?:([^:]+):)?([^:]*)(?::([^:]*))?$/.exec(spec) ?? [];
const colons = spec.split(':').length - 1;
const single = colons === 1 ? spec.slice(spec.indexOf(':') + 1) : 'no mode';
if (colons > 2 || spec === '' || spec.startsWith(':') || isMode(single)) {
  throw new Error(`invalid volume specification: '${spec}': too few parts, or too many`);
}
const [from, to, how] = colons === 2 ? [source, target, mode] : [source, target, ''];
if (!isMode(how)) throw new Error(`invalid mode: ${how}`);
const list: string[] = how.split(',');
const reach = list.filter((word) => (MODES.propagation as readonly string[]).includes(word));
const all: MountSpec = { type: from?.startsWith('/') ? 'bind' : 'volume', target: to, readOnly: list.includes('ro') };
return {
  ...all,
  ...(from === undefined ? {} : { source: from }),
  ...(reach.length > 0 ? { bind: { propagation: reach[0] as string } } : {}),
  ...(list.includes('nocopy') ? { volume: { noCopy: true } } : {}),
};
