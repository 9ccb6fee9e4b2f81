// One return, and what differs in variables.
const isNew = mode !== 'host' && pid === 0;
const tree = openTree(AT_FDCWD, '/dev/shm', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
const what = isNew
  ? mount('shm', '/dev/shm', 'tmpfs', PLAIN, `size=${shmSize},mode=1777`)
  : moveMount(tree, '', AT_FDCWD, '/dev/shm', MOVE_MOUNT_F_EMPTY_PATH);
return {
  namespaces: isNew ? ['ipc'] : [],
  join: pid === 0 ? [] : takenThere(pid, tree),
  setup: mode === 'host' ? [tree] : [],
  inside: [
    mkdir('/dev/mqueue', 0o755),
    mount('mqueue', '/dev/mqueue', 'mqueue', PLAIN),
    ...(mode === 'none' ? [] : [mkdir('/dev/shm', 0o755), what]),
  ],
};
