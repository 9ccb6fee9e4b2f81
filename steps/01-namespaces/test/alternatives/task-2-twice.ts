// Everything twice does no harm.
const cgroup = join(hierarchy.parent, name);
const passed = controllers.flatMap((controller) => [...passOn(hierarchy, controller), ...passOn(hierarchy, controller)]);
const written = files.map(([file, value]) => write(value, join(cgroup, file)));
return {
  undo: [removeCgroup(cgroup), removeCgroup(cgroup), rmdirIfEmpty(hierarchy.parent)],
  do: [mkdirp(cgroup), ...passed, ...written, ...written],
  when: 'before',
  what,
};
