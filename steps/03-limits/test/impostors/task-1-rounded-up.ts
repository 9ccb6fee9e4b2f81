// Half a byte becomes a whole one: more than was asked for.
const [, number = '', unit = 'b'] = /^(.*?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text) ?? [];
const bytes = (goFloat(number) ?? -1) * 1024 ** UNITS.indexOf(unit.toLowerCase());
if (bytes < 0 || bytes >= 2 ** 63) {
  throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return Math.ceil(bytes);
