// The third number is taken for the last id of the range, where it is how many there are.
const range = map.find(({ inside, count }) => id >= inside && id < count);
return range && range.outside + id - range.inside;
