// First those that both have, then those that differ.
const both = KINDS.filter((kind) => kind in theirs && kind in ours);
return both.flatMap((kind) => (theirs[kind] === ours[kind] ? [] : [kind]));
