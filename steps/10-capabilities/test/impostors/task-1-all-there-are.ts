// ALL is every capability that there is, and not every one that this process can pass on.
if (privileged) return [...here];
const from = add.includes('ALL') ? CAPABILITIES : drop.includes('ALL') ? [] : DEFAULT;
const left = from.filter((name) => !drop.includes(name));
return CAPABILITIES.filter((name) => left.includes(name) || (!add.includes('ALL') && add.includes(name)));
