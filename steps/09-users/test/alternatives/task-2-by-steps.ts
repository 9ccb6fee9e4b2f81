// One place after another, until it is the nth.
let place = 0;
for (const range of pool) {
  for (let first = range.first; first + count <= range.first + range.count; first += count) {
    if (place === nth) return first;
    place += 1;
  }
}
return undefined;
