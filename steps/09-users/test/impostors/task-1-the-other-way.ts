// It looks the id up outside, and gives what it is inside.
const range = map.find(({ outside, count }) => id >= outside && id < outside + count);
return range && range.inside + id - range.outside;
