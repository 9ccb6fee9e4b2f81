// Passed on from below: boxstep/ can't pass on what the root has not given it yet.
if (hierarchy.version === 1) return [];
const from = [hierarchy.parent, hierarchy.mount];
return from.map((cgroup) => write(`+${controller}`, join(cgroup, 'cgroup.subtree_control')));
