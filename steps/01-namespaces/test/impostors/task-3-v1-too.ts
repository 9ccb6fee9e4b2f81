// v1 has no cgroup.subtree_control: the version is never asked for.
const from = [hierarchy.mount, hierarchy.parent];
return from.map((cgroup) => write(`+${controller}`, join(cgroup, 'cgroup.subtree_control')));
