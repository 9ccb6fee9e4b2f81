// Two at one place are an error wherever they come from.
const taken = new Set(tmpfs.map(({ target }) => target));
for (const { target } of [...named, ...fromOthers, ...anonymous]) {
  if (taken.has(target)) throw new Error(`Duplicate mount point: ${target}`);
  taken.add(target);
}
const byTarget = new Map([...anonymous, ...fromOthers, ...named, ...tmpfs].map((mount) => [mount.target, mount]));
const depth = ({ target }: Mount) => target.split('/').length;
return [...byTarget.values()].sort((one, other) => depth(one) - depth(other));
