// The id after the last of a range belongs to it as well.
const range = map.find(({ inside, count }) => id >= inside && id <= inside + count);
return range && range.outside + id - range.inside;
