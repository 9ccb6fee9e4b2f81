/** `NAME=value` at its first `=`; a name alone has no value. */
export function nameAndValue(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf('=');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The same, where a name alone has a value, too: an empty one. */
export function pair(text: string): [name: string, value: string] {
  const [name, value = ''] = nameAndValue(text);
  return [name, value];
}
