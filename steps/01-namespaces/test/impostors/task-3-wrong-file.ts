// +memory is written to cgroup.controllers, which only tells what there is.
if (hierarchy.version === 1) return [];
const from = [hierarchy.mount, hierarchy.parent];
return from.map((cgroup) => write(`+${controller}`, join(cgroup, 'cgroup.controllers')));
