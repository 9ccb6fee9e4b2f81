// A case for each mode, queues first, and a size in KiB.
const queues = [mkdir('/dev/mqueue', 0o1777), mount('none', '/dev/mqueue', 'mqueue', PLAIN)];
const tree = openTree(AT_FDCWD, '/dev/shm', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
const inside = [...queues, mkdir('/dev/shm', 0o1777), moveMount(tree, '', AT_FDCWD, '/dev/shm', MOVE_MOUNT_F_EMPTY_PATH)];
switch (mode) {
  case 'host':
    return { namespaces: [], setup: [tree], inside };
  case 'none':
    return { namespaces: ['ipc'], inside: queues };
  case 'private':
  case 'shareable': {
    const size = `mode=01777,size=${shmSize / 1024}k`;
    return { namespaces: ['ipc'], inside: [...queues, mkdir('/dev/shm', 0o1777), mount('tmpfs', '/dev/shm', 'tmpfs', PLAIN, size)] };
  }
  default:
    return { join: takenThere(pid, tree), inside };
}
