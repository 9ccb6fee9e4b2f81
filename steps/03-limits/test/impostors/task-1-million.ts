// 64m is read as 64 million: the units are powers of 1000, as a disk's label has them.
const [, number = '', unit = 'b'] =
  /^([+]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text) ?? [];
const bytes = Number(number) * 1000 ** UNITS.indexOf(unit.toLowerCase());
if (number === '' || bytes >= 2 ** 63) {
  throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return Math.trunc(bytes);
