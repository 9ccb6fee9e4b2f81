// HOME is set first, so an empty one of -e stays, where runc gives the user's.
const variables = new Map([['PATH', PATH], ['HOSTNAME', hostname]]);
if (tty) {
  variables.set('TERM', 'xterm');
  variables.set('PS1', `${name}:$PWD${user.uid === 0 ? '#' : '$'} `);
}
variables.set('HOME', user.home);
for (const entry of env) {
  const [variable = ''] = entry.split('=', 1);
  if (entry.includes('=')) variables.set(variable, entry.slice(variable.length + 1));
  else variables.delete(variable);
}
return [...variables].map(([variable, value]) => `${variable}=${value}`);
