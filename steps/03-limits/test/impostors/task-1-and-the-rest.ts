// Nothing says that the text ends with the unit: 64mb/s is 64 MiB.
const [, number, unit = 'b'] = /^(\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?([bkmgtp])?/i.exec(text) ?? [];
if (number === undefined) {
  throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return Math.trunc(Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase()));
