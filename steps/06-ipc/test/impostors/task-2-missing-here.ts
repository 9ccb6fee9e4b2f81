// What the kernel has for that process alone counts as different.
return KINDS.filter((kind) => theirs[kind] !== undefined && theirs[kind] !== ours[kind]);
