// Only small letters are units: 64M, as many people write it, is refused.
const [, number = '', unit = 'b'] =
  /^([+]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/.exec(text) ?? [];
const bytes = Number(number) * 1024 ** UNITS.indexOf(unit);
if (number === '' || bytes >= 2 ** 63) {
  throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return Math.trunc(bytes);
