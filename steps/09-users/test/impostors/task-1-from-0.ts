// Every range is taken to begin at 0 inside.
const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
return range && range.outside + id;
