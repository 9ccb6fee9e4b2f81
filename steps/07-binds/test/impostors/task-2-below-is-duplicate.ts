// One that lies below another is taken for a duplicate.
const taken = new Set(tmpfs.map(({ target }) => target));
for (const { target } of named) {
  if ([...taken].some((one) => target === one || target.startsWith(one))) throw new Error(`Duplicate mount point: ${target}`);
  taken.add(target);
}
const byTarget = new Map([...anonymous, ...fromOthers, ...named, ...tmpfs].map((mount) => [mount.target, mount]));
const depth = ({ target }: Mount) => target.split('/').length;
return [...byTarget.values()].sort((one, other) => depth(one) - depth(other));
