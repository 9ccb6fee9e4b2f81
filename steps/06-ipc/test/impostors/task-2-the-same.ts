// Those that are the same.
return KINDS.filter((kind) => theirs[kind] === ours[kind]);
