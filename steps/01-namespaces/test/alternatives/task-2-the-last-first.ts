// The files in reverse: none depends on another; and the cgroup above goes with all in it, if it holds no other.
const cgroup = cgroupPath(hierarchy, name);
const undo = [removeCgroup(cgroup), rmdirIfEmpty(cgroup), rmdirIfEmpty(hierarchy.parent)];
const passed = [...controllers].reverse().map((controller) => passOn(hierarchy, controller));
const written = [...files].reverse().map(([file, value]) => write(String(value), join(cgroup, file)));
return { what, when: 'before', do: [mkdirp(cgroup), ...passed.flat(), ...written], undo };
