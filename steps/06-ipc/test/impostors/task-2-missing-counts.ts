// What this process has none of is entered, too.
return KINDS.filter((kind) => theirs[kind] !== ours[kind]);
