// Each range is filled from its end: where the ids that are left over lie is all the same.
for (const { first, count: size } of pool) {
  if (size >= count * (nth + 1)) return first + size - count * (nth + 1);
  nth -= Math.floor(size / count);
}
return undefined;
