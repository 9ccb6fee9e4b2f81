// A set that is filled and emptied, and read in order.
const left = new Set(privileged || add.includes('ALL') ? here : DEFAULT);
if (!privileged) {
  for (const name of drop.includes('ALL') && !add.includes('ALL') ? CAPABILITIES : drop) left.delete(name);
  if (!add.includes('ALL')) for (const name of add) left.add(name);
}
return CAPABILITIES.filter((name) => left.has(name));
