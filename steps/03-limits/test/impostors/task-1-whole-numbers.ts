// parseInt stops at the point: 1.5g is one GiB.
const [, number = '', unit = 'b'] =
  /^([+]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text) ?? [];
const bytes = Number.parseInt(number, 10) * 1024 ** UNITS.indexOf(unit.toLowerCase());
if (number === '' || bytes >= 2 ** 63) {
  throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return bytes;
