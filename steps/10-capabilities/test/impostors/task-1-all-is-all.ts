// With ALL added, nothing is dropped any more.
if (privileged || add.includes('ALL')) return [...here];
const before = drop.includes('ALL') ? [] : DEFAULT.filter((name) => !drop.includes(name));
return CAPABILITIES.filter((name) => before.includes(name) || add.includes(name));
