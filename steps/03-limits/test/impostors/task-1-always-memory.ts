// The error says --memory, whichever flag it was.
const [, number = '', unit = 'b'] = /^(.*?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text) ?? [];
const bytes = (goFloat(number) ?? -1) * 1024 ** UNITS.indexOf(unit.toLowerCase());
if (bytes < 0 || bytes >= 2 ** 63) {
  throw new Error(`Expected --memory to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return Math.trunc(bytes);
