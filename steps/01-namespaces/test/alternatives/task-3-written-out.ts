// Two deeds, written out.
if (hierarchy.version !== 2) return [];
const text = `+${controller}`;
return [
  write(text, `${hierarchy.mount}/cgroup.subtree_control`),
  write(text, `${hierarchy.parent}/cgroup.subtree_control`),
];
