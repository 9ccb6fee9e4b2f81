// Each range has one place: of a range for two containers, the second has none.
return pool.filter((range) => range.count >= count)[nth]?.first;
