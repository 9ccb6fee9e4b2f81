// What other containers have counts more than what was asked for.
const taken = new Set(tmpfs.map(({ target }) => target));
for (const { target } of named) {
  if (taken.has(target)) throw new Error(`Duplicate mount point: ${target}`);
  taken.add(target);
}
const byTarget = new Map([...anonymous, ...named, ...tmpfs, ...fromOthers].map((mount) => [mount.target, mount]));
const depth = ({ target }: Mount) => target.split('/').length;
return [...byTarget.values()].sort((one, other) => depth(one) - depth(other));
