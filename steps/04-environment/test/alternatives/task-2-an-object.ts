// An object without a prototype keeps the variables.
const variables: Record<string, string> = Object.create(null);
variables.PATH = PATH;
variables.HOSTNAME = hostname;
if (tty) Object.assign(variables, { TERM: 'xterm', PS1: `${name}:$PWD${user.uid === 0 ? '#' : '$'} ` });
for (const entry of env) {
  const at = entry.indexOf('=');
  if (at === -1) delete variables[entry];
  else variables[entry.slice(0, at)] = entry.slice(at + 1);
}
variables.HOME ||= user.home;
return Object.entries(variables).map((pair) => pair.join('='));
