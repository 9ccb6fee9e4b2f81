// --privileged is --cap-add ALL, less what is dropped.
if (privileged || add.includes('ALL')) return here.filter((name) => !drop.includes(name));
const before = drop.includes('ALL') ? [] : DEFAULT.filter((name) => !drop.includes(name));
return CAPABILITIES.filter((name) => before.includes(name) || add.includes(name));
