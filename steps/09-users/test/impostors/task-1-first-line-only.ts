// Only the first line is looked at, as most maps have but one.
const range = map[0];
return range && id >= range.inside && id < range.inside + range.count ? range.outside + id - range.inside : undefined;
