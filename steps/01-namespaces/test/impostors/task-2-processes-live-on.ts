// The cgroup is removed only if nobody is in it: of a container that is killed half-way, it stays.
const cgroup = cgroupPath(hierarchy, name);
const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
return {
  what,
  when: 'before',
  do: [mkdirp(cgroup), ...passed, ...files.map(([file, value]) => write(value, join(cgroup, file)))],
  undo: [rmdirIfEmpty(cgroup), rmdirIfEmpty(hierarchy.parent)],
};
