// Two names of the same length are taken for one.
return KINDS.filter((kind) => theirs[kind] !== undefined && ours[kind] !== undefined && theirs[kind]?.length !== ours[kind]?.length);
