// What is dropped is gone, even if it is added as well.
if (privileged) return [...here];
const from = add.includes('ALL') ? here : drop.includes('ALL') ? add : [...DEFAULT, ...add];
return CAPABILITIES.filter((name) => from.includes(name) && !drop.includes(name));
