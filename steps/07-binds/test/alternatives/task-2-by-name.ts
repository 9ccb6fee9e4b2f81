// In the order of the alphabet, in which a path comes before those that begin with it.
const clash = named.find(
  (one, nth) => tmpfs.some(({ target }) => target === one.target) || named.slice(0, nth).some(({ target }) => target === one.target),
);
if (clash) throw new Error(`Duplicate mount point: ${clash.target}`);
const places: Record<string, Mount> = {};
for (const list of [anonymous, fromOthers, named, tmpfs]) {
  for (const mount of list) places[mount.target] = mount;
}
return Object.keys(places)
  .sort()
  .map((target) => places[target] as Mount);
