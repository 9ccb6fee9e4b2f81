// The root passes it on to boxstep/, and boxstep/ keeps it: the container one level below has none.
if (hierarchy.version === 1) return [];
return [write(`+${controller}`, join(hierarchy.mount, 'cgroup.subtree_control'))];
