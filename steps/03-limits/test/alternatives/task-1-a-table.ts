// A table of units.
const powers: Record<string, number> = { '': 0, b: 0 };
for (const [power, letter] of [...'kmgtp'].entries()) {
  for (const ending of ['', 'b', 'ib']) powers[letter + ending] = power + 1;
}
const [, front = '', unit = ''] = /^(.*?)([a-z]*)$/i.exec(text) ?? [];
const number = goFloat(front.endsWith(' ') ? front.slice(0, -1) : front);
const power = Object.hasOwn(powers, unit.toLowerCase()) ? powers[unit.toLowerCase()] : undefined;
const size = number === undefined || power === undefined ? -1 : number * 1024 ** power;
if (size < 0 || size >= 2 ** 63) {
  throw new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
}
return Math.trunc(size);
