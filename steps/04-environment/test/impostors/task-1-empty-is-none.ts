// A variable that the caller has empty is taken for one that it hasn't: '' is falsy.
return linesOf(content).flatMap((bytes, index) => {
  const wrong = (what: string) => new Error(`${file}:${index + 1}: ${what}`);
  if (bytes.length > MAX_LINE) throw wrong(`the line is longer than ${MAX_LINE} bytes`);
  if (!isUtf8(bytes)) throw wrong('the line is not UTF-8: save the file as UTF-8');
  const text = bytes.toString();
  const line = (index === 0 ? text.replace(/^\ufeff/, '') : text).replace(WHITE_SPACE, '');
  if (line === '' || line.startsWith('#')) return [];
  const [name = ''] = line.split('=', 1);
  if (name === '') throw wrong(`there is no name before "=": ${JSON.stringify(line)}`);
  if (/[ \t]/.test(name)) throw wrong(`the name ${JSON.stringify(name)} contains white space${hint(name)}`);
  if (line.includes('\0')) throw wrong(`the variable ${JSON.stringify(name)} contains a NUL byte`);
  if (line.includes('=')) return [line];
  return caller[name] ? [`${name}=${caller[name]}`] : [];
});
