// Directory by directory, controllers passed on before the container's own cgroup is there, and loops.
const cgroup = cgroupPath(hierarchy, name);
const all: Action['do'][number][] = [mkdirp(hierarchy.parent)];
for (const controller of controllers) all.push(...passOn(hierarchy, controller));
all.push(mkdirp(cgroup));
for (const [file, value] of files) all.push(write(value, `${cgroup}/${file}`));
return { what, when: 'before', do: all, undo: [removeCgroup(cgroup), rmdirIfEmpty(hierarchy.parent)] };
