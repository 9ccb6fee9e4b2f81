// The name without a plus, which the kernel refuses: it can't tell whether to add or to take away.
if (hierarchy.version === 1) return [];
const from = [hierarchy.mount, hierarchy.parent];
return from.map((cgroup) => write(controller, join(cgroup, 'cgroup.subtree_control')));
