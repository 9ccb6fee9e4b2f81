// By loops, with kinds counted by hand.
const parts: string[] = [''];
for (const letter of spec) {
  if (letter === ':') parts.push('');
  else parts[parts.length - 1] += letter;
}
const words = (text: string) => (text === '' ? [] : text.split(','));
const fits = (text: string) => {
  const counts = new Map<string, number>();
  for (const word of words(text)) {
    const kind = Object.entries(MODES).find(([, all]) => (all as readonly string[]).includes(word))?.[0];
    if (kind === undefined || counts.has(kind)) return false;
    counts.set(kind, 1);
  }
  return true;
};
if (parts[0] === '' || parts.length > 3 || (parts.length === 2 && fits(parts[1] as string))) {
  throw new Error(`invalid volume specification: '${spec}'`);
}
if (!fits(parts[2] ?? '')) throw new Error(`invalid mode: ${parts[2]}`);
const made: Record<string, unknown> = { readOnly: words(parts[2] ?? '').includes('ro') };
made.target = parts[1] ?? parts[0];
if (parts.length > 1) made.source = parts[0];
made.type = parts.length > 1 && spec.charAt(0) === '/' ? 'bind' : 'volume';
for (const word of words(parts[2] ?? '')) {
  if (word === 'nocopy') made.volume = { noCopy: true };
  if (/^r?(private|slave|shared)$/.test(word)) made.bind = { propagation: word };
}
return made as unknown as MountSpec;
