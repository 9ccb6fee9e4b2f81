// What the kernel shows for an id that isn't mapped is taken for an id.
const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
return range ? range.outside + id - range.inside : 65_534;
