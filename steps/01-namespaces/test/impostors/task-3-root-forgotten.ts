// Only the parent passes the controller on: it has none to pass on, since the root gave it none.
if (hierarchy.version === 1) return [];
return [write(`+${controller}`, join(hierarchy.parent, 'cgroup.subtree_control'))];
