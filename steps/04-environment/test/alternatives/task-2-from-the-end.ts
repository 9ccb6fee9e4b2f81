// From the end: what was said last is kept, and the defaults are said first.
const prompt = user.uid > 0 ? '$' : '#';
const terminal = tty ? ['TERM=xterm', `PS1=${name}:$PWD${prompt} `] : [];
const said = [`PATH=${PATH}`, `HOSTNAME=${hostname}`, ...terminal, ...env];
const seen = new Set<string>();
const kept: string[] = [];
for (const entry of said.reverse()) {
  const [variable = ''] = entry.split('=', 1);
  if (seen.has(variable)) continue;
  seen.add(variable);
  if (entry.includes('=') && entry !== 'HOME=') kept.unshift(entry);
}
return kept.some((entry) => entry.startsWith('HOME=')) ? kept : [`HOME=${user.home}`, ...kept];
