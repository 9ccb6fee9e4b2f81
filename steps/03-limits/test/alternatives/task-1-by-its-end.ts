// The unit is cut off the end, letter by letter.
const wrong = new Error(`Expected ${flag} to be a size such as 64m or 1.5g, got ${JSON.stringify(text)}`);
let rest = text.toLowerCase();
if (/[kmgtp]ib$/.test(rest)) rest = rest.slice(0, -2);
else if (/[kmgtp]b$/.test(rest)) rest = rest.slice(0, -1);
const unit = /[bkmgtp]$/.test(rest) ? rest.slice(-1) : '';
rest = rest.slice(0, rest.length - unit.length);
if (rest.endsWith(' ')) rest = rest.slice(0, -1);
const number = goFloat(rest);
if (number === undefined || number < 0) throw wrong;
const bytes = number * 2 ** (10 * Math.max(0, UNITS.indexOf(unit)));
if (bytes >= 2 ** 63) throw wrong;
return Math.floor(bytes);
