// A list of kinds that lacks one.
return KINDS.filter((kind) => kind !== 'cgroup' && theirs[kind] !== undefined && ours[kind] !== undefined && theirs[kind] !== ours[kind]);
