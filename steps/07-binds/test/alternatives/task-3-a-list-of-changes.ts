// A list of what is to be changed, the top first and then all.
const tree = openTree(place, '', AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0));
const how = { private: MS_SLAVE, rprivate: MS_PRIVATE, slave: MS_SLAVE, rslave: MS_SLAVE, shared: MS_SHARED, rshared: MS_SHARED };
const steps = [
  { flags: AT_RECURSIVE, attr: { propagation: how[propagation] } },
  ...(propagation === 'private' ? [{ flags: 0, attr: { propagation: MS_PRIVATE } }] : []),
  ...(readOnly ? [{ flags: 0, attr: { attr_set: MOUNT_ATTR_RDONLY } }] : []),
  ...(readOnly && readOnlyBelow ? [{ flags: AT_RECURSIVE, attr: { attr_set: MOUNT_ATTR_RDONLY } }] : []),
];
return { tree, calls: [tree, ...steps.map(({ flags, attr }) => mountSetattr(tree, '', AT_EMPTY_PATH | flags, attr))] };
