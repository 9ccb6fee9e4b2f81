// An id without a line stays what it is.
const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
return range ? range.outside + id - range.inside : id;
