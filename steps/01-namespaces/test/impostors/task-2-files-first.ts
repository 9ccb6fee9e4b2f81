// The files are written before the controllers are passed on, when the kernel has not made them yet.
const cgroup = cgroupPath(hierarchy, name);
const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
return {
  what,
  when: 'before',
  do: [mkdirp(cgroup), ...files.map(([file, value]) => write(value, join(cgroup, file))), ...passed],
  undo: [removeCgroup(cgroup), rmdirIfEmpty(hierarchy.parent)],
};
