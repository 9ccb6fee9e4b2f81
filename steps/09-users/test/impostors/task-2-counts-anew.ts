// The places of earlier ranges aren't taken off: every range after the first loses its first places.
for (const range of pool) if (nth < Math.floor(range.count / count)) return range.first + nth * count;
return undefined;
