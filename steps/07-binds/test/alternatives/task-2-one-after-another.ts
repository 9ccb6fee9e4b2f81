// The last of each place, and then one is put behind all that lie above it.
const said = [...named.map(({ target }) => target), ...new Set(tmpfs.map(({ target }) => target))];
said.forEach((target, nth) => {
  if (said.indexOf(target) !== nth) throw new Error(`Duplicate mount point: ${target}`);
});
const plain = [...anonymous, ...fromOthers, ...named, ...tmpfs];
const left = plain.filter(({ target }, nth) => !plain.slice(nth + 1).some((later) => later.target === target));
const sorted: Mount[] = [];
for (const mount of left) {
  const below = sorted.findIndex(({ target }) => target.startsWith(`${mount.target}/`));
  sorted.splice(below === -1 ? sorted.length : below, 0, mount);
}
return sorted;
