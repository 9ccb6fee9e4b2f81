// All that the other has: one's own user namespace is among them, and that is EINVAL.
return KINDS.filter((kind) => theirs[kind] !== undefined);
