// The name and what follows it by a regular expression; errors in other words.
return linesOf(content).flatMap((bytes, index) => {
  const fail = (what: string): never => {
    throw new Error(`in line ${index + 1} of ${file}: ${what}`);
  };
  if (bytes.length > MAX_LINE) fail('too long');
  if (!isUtf8(bytes)) fail('these bytes are no text');
  const text = bytes.toString();
  const line = (index === 0 ? text.replace(/^\ufeff/, '') : text).replace(WHITE_SPACE, '');
  const [, name = '', value] = /^([^=]*)(=.*)?$/s.exec(line) ?? [];
  if (/^(#|$)/.test(line)) return [];
  if (!name) fail('a variable without a name');
  if (/[ \t]/.test(name)) fail('blanks in a name');
  if (line.includes('\0')) fail('a byte 0');
  if (value !== undefined) return [name + value];
  const own = Object.getOwnPropertyDescriptor(caller, name);
  return own ? [`${name}=${own.value}`] : [];
});
