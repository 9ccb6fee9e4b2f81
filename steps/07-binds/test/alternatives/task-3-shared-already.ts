// A copy of a shared mount is shared already. Read-only comes first.
const below = recursive ? AT_RECURSIVE : 0;
const tree = openTree(place, '', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | below);
const change = (flags: number, attr: { attr_set?: number; propagation?: number }) =>
  mountSetattr(tree, '', AT_EMPTY_PATH | flags, attr);
const calls: Call[] = [tree];
if (readOnly) calls.push(change(readOnlyBelow ? AT_RECURSIVE : 0, { attr_set: MOUNT_ATTR_RDONLY }));
if (propagation.includes('slave') || propagation === 'private') calls.push(change(below, { propagation: MS_SLAVE }));
if (propagation.includes('private')) calls.push(change(propagation === 'rprivate' ? below : 0, { propagation: MS_PRIVATE }));
void MS_SHARED;
return { tree, calls };
