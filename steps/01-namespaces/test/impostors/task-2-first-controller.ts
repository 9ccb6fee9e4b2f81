// Of several controllers only the first is passed on.
const cgroup = cgroupPath(hierarchy, name);
const [controller = ''] = controllers;
return {
  what,
  when: 'before',
  do: [
    mkdirp(cgroup),
    ...passOn(hierarchy, controller),
    ...files.map(([file, value]) => write(value, join(cgroup, file))),
  ],
  undo: [removeCgroup(cgroup), rmdirIfEmpty(hierarchy.parent)],
};
