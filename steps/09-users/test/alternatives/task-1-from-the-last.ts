// From the last line to the first: no two have an id in common, so any order does.
return map.reduceRight<number | undefined>(
  (found, { inside: from, outside: to, count }) => found ?? (id < from || id - from > count - 1 ? undefined : to + (id - from)),
  undefined,
);
