// What is for all of the tree is changed in one call.
const [self, whole] = [AT_EMPTY_PATH, AT_EMPTY_PATH | AT_RECURSIVE];
const flags = OPEN_TREE_CLOEXEC | OPEN_TREE_CLONE | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
const tree = openTree(place, '', flags);
const kind = propagation.endsWith('shared') ? MS_SHARED : propagation === 'rprivate' ? MS_PRIVATE : MS_SLAVE;
const ro = readOnly && readOnlyBelow ? { attr_set: MOUNT_ATTR_RDONLY } : {};
const calls = [tree, mountSetattr(tree, '', whole, { propagation: kind, ...ro })];
if (propagation === 'private') calls.push(mountSetattr(tree, '', self, { propagation: MS_PRIVATE }));
if (readOnly && !readOnlyBelow) calls.push(mountSetattr(tree, '', self, { attr_set: MOUNT_ATTR_RDONLY }));
return { tree, calls };
