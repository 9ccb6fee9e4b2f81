// All of it in one regular expression, and Number for the number; the error in other words.
const number = String.raw`\+?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?`;
const match = new RegExp(`^(${number}) ?(b|(?:k|m|g|t|p)(?:b|ib)?)?$`, 'i').exec(text);
const bytes = match ? Number((match[1] ?? '').replaceAll('_', '')) * 1024 ** 'bkmgtp'.indexOf((match[2] ?? 'b').charAt(0).toLowerCase()) : Number.NaN;
if (!(bytes < 2 ** 63)) throw new Error(`'${text}' is no size for ${flag}`);
return Math.trunc(bytes);
