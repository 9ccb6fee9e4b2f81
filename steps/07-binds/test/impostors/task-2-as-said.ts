// In the order in which they were asked for.
const taken = new Set(tmpfs.map(({ target }) => target));
for (const { target } of named) {
  if (taken.has(target)) throw new Error(`Duplicate mount point: ${target}`);
  taken.add(target);
}
const byTarget = new Map([...anonymous, ...fromOthers, ...named, ...tmpfs].map((mount) => [mount.target, mount]));
return [...byTarget.values()];
