// HOME is there from the beginning, and comes back where it was taken away or made empty.
const variables = new Map<string, string>([['HOME', user.home], ['HOSTNAME', hostname], ['PATH', PATH]]);
if (tty) variables.set('PS1', `${name}:$PWD${user.uid ? '$' : '#'} `).set('TERM', 'xterm');
for (const entry of env) {
  const [, variable = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(entry) ?? [];
  if (value === undefined) variables.delete(variable);
  else variables.set(variable, value);
}
if (!variables.get('HOME')) variables.set('HOME', user.home);
return Array.from(variables, ([variable, value]) => `${variable}=${value}`);
