// In the order in which they were typed, and twice where they were there already.
if (privileged) return [...here];
if (add.includes('ALL')) return here.filter((name) => !drop.includes(name));
if (drop.includes('ALL')) return [...add];
return [...DEFAULT.filter((name) => !drop.includes(name)), ...add];
