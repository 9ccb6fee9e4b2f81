// ALL is only seen where it stands alone.
if (privileged) return [...here];
if (add.join() === 'ALL') return here.filter((name) => !drop.includes(name));
const before = drop.join() === 'ALL' ? [] : DEFAULT.filter((name) => !drop.includes(name));
return CAPABILITIES.filter((name) => before.includes(name) || add.includes(name));
