// A tmpfs at the place of a bind is no duplicate.
const taken = new Set<string>();
for (const { target } of named) {
  if (taken.has(target)) throw new Error(`Duplicate mount point: ${target}`);
  taken.add(target);
}
const byTarget = new Map([...anonymous, ...fromOthers, ...named, ...tmpfs].map((mount) => [mount.target, mount]));
const depth = ({ target }: Mount) => target.split('/').length;
return [...byTarget.values()].sort((one, other) => depth(one) - depth(other));
