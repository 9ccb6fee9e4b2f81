// A place that ends where its range ends isn't used.
let left = nth;
for (const range of pool) {
  const places = Math.floor((range.count - 1) / count);
  if (left < places) return range.first + left * count;
  left -= places;
}
return undefined;
