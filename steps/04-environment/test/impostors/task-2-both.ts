// A list in place of a Map: of a variable that is given twice both are there, and most programs take the first.
const variables = [`PATH=${PATH}`, `HOSTNAME=${hostname}`];
if (tty) variables.push('TERM=xterm', `PS1=${name}:$PWD${user.uid === 0 ? '#' : '$'} `);
variables.push(...env.filter((entry) => entry.includes('=')));
if (!env.some((entry) => /^HOME=./.test(entry))) variables.push(`HOME=${user.home}`);
return variables;
