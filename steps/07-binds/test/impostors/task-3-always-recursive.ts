// What is mounted below comes along, also where it is not to.
const top = AT_EMPTY_PATH;
const all = AT_EMPTY_PATH | AT_RECURSIVE;
const tree = openTree(place, '', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? all : all));
const reaches = {
  private: [
    mountSetattr(tree, '', all, { propagation: MS_SLAVE }),
    mountSetattr(tree, '', top, { propagation: MS_PRIVATE }),
  ],
  rprivate: [mountSetattr(tree, '', all, { propagation: MS_PRIVATE })],
  slave: [mountSetattr(tree, '', all, { propagation: MS_SLAVE })],
  rslave: [mountSetattr(tree, '', all, { propagation: MS_SLAVE })],
  shared: [mountSetattr(tree, '', top, { propagation: MS_SHARED })],
  rshared: [mountSetattr(tree, '', all, { propagation: MS_SHARED })],
}[propagation];
const sealed = readOnly ? [mountSetattr(tree, '', readOnlyBelow ? all : top, { attr_set: MOUNT_ATTR_RDONLY })] : [];
return { tree, calls: [tree, ...reaches, ...sealed] };
