// A place whose first id is in the range counts, though its last ones are not.
let left = nth;
for (const range of pool) {
  const places = Math.ceil(range.count / count);
  if (left < places) return range.first + left * count;
  left -= places;
}
return undefined;
