// Places begin one id apart: two containers have all ids but one in common.
let left = nth;
for (const range of pool) {
  const places = range.count - count + 1;
  if (left < places) return range.first + left;
  left -= Math.max(places, 0);
}
return undefined;
