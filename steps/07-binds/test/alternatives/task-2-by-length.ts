// A path below another is longer. The ones that count least are put in only where nothing is yet.
const all = new Map<string, Mount>();
for (const mount of tmpfs) all.set(mount.target, mount);
for (const mount of named) {
  if (all.has(mount.target)) throw new Error(`Duplicate mount point: ${mount.target}: leave one of them out`);
  all.set(mount.target, mount);
}
for (const mount of [...fromOthers].reverse()) if (!all.has(mount.target)) all.set(mount.target, mount);
for (const mount of anonymous) if (!all.has(mount.target)) all.set(mount.target, mount);
return Array.from(all.values()).sort((a, b) => a.target.length - b.target.length);
