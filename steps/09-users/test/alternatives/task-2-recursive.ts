// The first range's place, or the rest of the pool's.
const [range, ...others] = pool;
if (range === undefined) return undefined;
const places = (range.count - (range.count % count)) / count;
return nth < places ? range.first + count * nth : nthRange(others, count, nth - places);
