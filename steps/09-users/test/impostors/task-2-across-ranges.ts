// The ranges are taken for one: as many ids from the first on as there are in all.
const all = pool.reduce((sum, range) => sum + range.count, 0);
const first = pool[0]?.first;
return first === undefined || (nth + 1) * count > all ? undefined : first + nth * count;
