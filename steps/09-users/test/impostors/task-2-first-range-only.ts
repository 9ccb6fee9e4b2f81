// Only the first range of the pool is used.
const [range] = pool;
if (!range || nth >= Math.floor(range.count / count)) return undefined;
return range.first + nth * count;
