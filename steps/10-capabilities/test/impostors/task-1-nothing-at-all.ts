// Once ALL is dropped, nothing that is added counts.
if (privileged) return [...here];
if (add.includes('ALL')) return here.filter((name) => !drop.includes(name));
if (drop.includes('ALL')) return [];
return CAPABILITIES.filter((name) => (DEFAULT.includes(name) && !drop.includes(name)) || add.includes(name));
