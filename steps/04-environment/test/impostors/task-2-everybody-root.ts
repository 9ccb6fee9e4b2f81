// The prompt ends in # whoever it is: nobody sees that they are root.
const variables = new Map([
  ['PATH', PATH],
  ['HOSTNAME', hostname],
]);
if (tty) {
  variables.set('TERM', 'xterm');
  variables.set('PS1', `${name}:$PWD# `);
}
for (const entry of env) {
  const [variable = ''] = entry.split('=', 1);
  if (entry.includes('=')) variables.set(variable, entry.slice(variable.length + 1));
  else variables.delete(variable);
}
if (!variables.get('HOME')) variables.set('HOME', user.home);
return [...variables].map(([variable, value]) => `${variable}=${value}`);
