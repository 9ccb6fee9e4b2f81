// Undone from the top down: boxstep/ still holds the container's cgroup then, so it is never removed.
const parent = hierarchy.parent;
const cgroup = cgroupPath(hierarchy, name);
const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
return {
  what,
  when: 'before',
  do: [mkdirp(cgroup), ...passed, ...files.map(([file, value]) => write(value, join(cgroup, file)))],
  undo: [rmdirIfEmpty(parent), removeCgroup(cgroup)],
};
