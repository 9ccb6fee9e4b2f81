// split('=') into two: of -e OPTS=--a=b nothing is left but --a.
const variables = new Map([
  ['PATH', PATH],
  ['HOSTNAME', hostname],
]);
if (tty) {
  variables.set('TERM', 'xterm');
  variables.set('PS1', `${name}:$PWD${user.uid === 0 ? '#' : '$'} `);
}
for (const entry of env) {
  const [variable = '', value] = entry.split('=');
  if (value === undefined) variables.delete(variable);
  else variables.set(variable, value);
}
if (!variables.get('HOME')) variables.set('HOME', user.home);
return [...variables].map(([variable, value]) => `${variable}=${value}`);
