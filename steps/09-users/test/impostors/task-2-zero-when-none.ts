// Where there is no further place, it gives 0: the host's root.
let left = nth;
for (const range of pool) {
  const places = Math.floor(range.count / count);
  if (left < places) return range.first + left * count;
  left -= places;
}
return 0;
