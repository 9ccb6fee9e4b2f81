// Only the container's own cgroup is removed: boxstep/, which was made with it, stays for ever.
const cgroup = cgroupPath(hierarchy, name);
const passed = controllers.flatMap((controller) => passOn(hierarchy, controller));
return {
  what,
  when: 'before',
  do: [mkdirp(cgroup), ...passed, ...files.map(([file, value]) => write(value, join(cgroup, file)))],
  undo: [removeCgroup(cgroup)],
};
