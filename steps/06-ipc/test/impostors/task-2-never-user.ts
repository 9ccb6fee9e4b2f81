// A user namespace is never entered.
return KINDS.filter((kind) => kind !== 'user' && theirs[kind] !== undefined && ours[kind] !== undefined && theirs[kind] !== ours[kind]);
