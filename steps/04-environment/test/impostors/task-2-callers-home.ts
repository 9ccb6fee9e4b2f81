// HOME is that of whoever starts the container, where its own user's is asked for.
const home = process.env.HOME ?? '/root';
const variables = new Map([
  ['PATH', PATH],
  ['HOSTNAME', hostname],
]);
if (tty) {
  variables.set('TERM', 'xterm');
  variables.set('PS1', `${name}:$PWD${user.uid === 0 ? '#' : '$'} `);
}
for (const entry of env) {
  const [variable = ''] = entry.split('=', 1);
  if (entry.includes('=')) variables.set(variable, entry.slice(variable.length + 1));
  else variables.delete(variable);
}
if (!variables.get('HOME')) variables.set('HOME', home);
return [...variables].map(([variable, value]) => `${variable}=${value}`);
