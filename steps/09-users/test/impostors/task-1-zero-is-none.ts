// An id that is 0 outside is taken for none.
const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
const found = range ? range.outside + id - range.inside : 0;
return found || undefined;
