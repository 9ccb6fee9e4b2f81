// What the copy has in common with the host's mount is left as it is.
const top = AT_EMPTY_PATH;
const all = AT_EMPTY_PATH | AT_RECURSIVE;
const tree = openTree(place, '', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? all : top));
const sealed = readOnly ? [mountSetattr(tree, '', readOnlyBelow ? all : top, { attr_set: MOUNT_ATTR_RDONLY })] : [];
void propagation;
void [MS_PRIVATE, MS_SHARED, MS_SLAVE];
return { tree, calls: [tree, ...sealed] };
