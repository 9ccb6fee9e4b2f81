// The container's cgroup passes the controllers on, too: then no process may be in it.
const cgroup = cgroupPath(hierarchy, name);
const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
const further = controllers.map((controller) => write(`+${controller}`, join(cgroup, 'cgroup.subtree_control')));
return {
  what,
  when: 'before',
  do: [mkdirp(cgroup), ...passed, ...(hierarchy.version === 2 ? further : []), ...files.map(([file, value]) => write(value, join(cgroup, file)))],
  undo: [removeCgroup(cgroup), rmdirIfEmpty(hierarchy.parent)],
};
