// Step by step: lines with their numbers, then texts, then variables.
const wrong = (nth: number, what: string) => new Error(`${file}:${nth}: ${what}`);
const lines = linesOf(content).map((bytes, index) => ({ bytes, nth: index + 1 }));
const texts = lines.map(({ bytes, nth }) => {
  if (bytes.length > MAX_LINE) throw wrong(nth, `the line is longer than ${MAX_LINE} bytes`);
  if (!isUtf8(bytes)) throw wrong(nth, 'the line is not UTF-8: save the file as UTF-8');
  const text = bytes.toString();
  return { nth, line: (nth === 1 && text.codePointAt(0) === 0xfeff ? text.slice(1) : text).replace(WHITE_SPACE, '') };
});
const entries = texts.filter(({ line }) => line !== '' && !line.startsWith('#'));
return entries.flatMap(({ nth, line }) => {
  const [name = '', ...values] = line.split('=');
  if (name === '') throw wrong(nth, `there is no name before "=": ${JSON.stringify(line)}`);
  if (/[\t ]/.test(name)) throw wrong(nth, `the name ${JSON.stringify(name)} contains white space${hint(name)}`);
  if (line.indexOf('\0') >= 0) throw wrong(nth, `the variable ${JSON.stringify(name)} contains a NUL byte`);
  if (values.length > 0) return [`${name}=${values.join('=')}`];
  const callers = new Map(Object.entries(caller));
  return callers.has(name) ? [`${name}=${callers.get(name)}`] : [];
});
