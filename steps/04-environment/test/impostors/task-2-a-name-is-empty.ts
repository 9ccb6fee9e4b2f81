// A name alone sets an empty variable, where docker leaves it out.
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
  variables.set(variable, entry.slice(variable.length + 1));
}
if (!variables.get('HOME')) variables.set('HOME', user.home);
return [...variables].map(([variable, value]) => `${variable}=${value}`);
