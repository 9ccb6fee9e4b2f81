// A loop over the lines.
const variables: string[] = [];
let number = 0;
for (const bytes of linesOf(content)) {
  number += 1;
  const place = `${file}:${number}: `;
  if (bytes.length > MAX_LINE) throw new Error(`${place}the line is longer than ${MAX_LINE} bytes`);
  if (!isUtf8(bytes)) throw new Error(`${place}the line is not UTF-8: save the file as UTF-8`);
  let line = bytes.toString('utf8');
  if (number === 1 && line.startsWith('\ufeff')) line = line.slice(1);
  line = line.replace(WHITE_SPACE, '');
  if (line.length === 0 || line[0] === '#') continue;
  const at = line.indexOf('=');
  const name = at === -1 ? line : line.slice(0, at);
  if (name.length === 0) throw new Error(`${place}there is no name before "=": ${JSON.stringify(line)}`);
  if (name.includes(' ') || name.includes('\t')) {
    throw new Error(`${place}the name ${JSON.stringify(name)} contains white space${hint(name)}`);
  }
  if (line.includes('\0')) throw new Error(`${place}the variable ${JSON.stringify(name)} contains a NUL byte`);
  if (at !== -1) variables.push(line);
  else if (Object.hasOwn(caller, name)) variables.push(`${name}=${caller[name]}`);
}
return variables;
