// ALL that is dropped is looked at before ALL that is added.
if (privileged) return [...here];
if (drop.includes('ALL')) return CAPABILITIES.filter((name) => add.includes(name));
if (add.includes('ALL')) return here.filter((name) => !drop.includes(name));
return CAPABILITIES.filter((name) => (DEFAULT.includes(name) && !drop.includes(name)) || add.includes(name));
