// The name and what follows it by a regular expression.
return linesOf(content).flatMap((bytes, index) => {
  const fail = (what: string): never => {
    throw new Error(`${file}:${index + 1}: ${what}`);
  };
  if (bytes.length > MAX_LINE) fail(`the line is longer than ${MAX_LINE} bytes`);
  if (!isUtf8(bytes)) fail('the line is not UTF-8: save the file as UTF-8');
  const text = bytes.toString();
  const line = (index === 0 ? text.replace(/^\ufeff/, '') : text).replace(WHITE_SPACE, '');
  const [, name = '', value] = /^([^=]*)(=.*)?$/s.exec(line) ?? [];
  if (/^(#|$)/.test(line)) return [];
  if (!name) fail(`there is no name before "=": ${JSON.stringify(line)}`);
  if (/[ \t]/.test(name)) fail(`the name ${JSON.stringify(name)} holds white space${hint(name)}`);
  if (line.includes('\0')) fail(`the variable ${JSON.stringify(name)} holds a NUL byte, where it would end`);
  if (value !== undefined) return [name + value];
  const own = Object.getOwnPropertyDescriptor(caller, name);
  return own ? [`${name}=${own.value}`] : [];
});
