// The limits are written to boxstep/ itself: all containers have to share what was meant for one.
const cgroup = cgroupPath(hierarchy, name);
const parent = hierarchy.parent;
const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
return {
  what,
  when: 'before',
  do: [mkdirp(cgroup), ...passed, ...files.map(([file, value]) => write(value, join(parent, file)))],
  undo: [removeCgroup(cgroup), rmdirIfEmpty(parent)],
};
