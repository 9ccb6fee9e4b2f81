// The tmpfs is mounted without flags: device nodes and set-user-ID programs work in it.
const queues = [mkdir('/dev/mqueue', 0o755), mount('mqueue', '/dev/mqueue', 'mqueue', PLAIN)];
const shm = mkdir('/dev/shm', 0o1777);
const own = mount('shm', '/dev/shm', 'tmpfs', 0, `mode=1777,size=${shmSize}`);
const tree = openTree(AT_FDCWD, '/dev/shm', OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
const attached = moveMount(tree, '', AT_FDCWD, '/dev/shm', MOVE_MOUNT_F_EMPTY_PATH);
if (mode === 'none') return { namespaces: ['ipc'], inside: queues };
if (mode === 'host') return { setup: [tree], inside: [shm, attached, ...queues] };
if (pid === 0) return { namespaces: ['ipc'], inside: [shm, own, ...queues] };
return { join: takenThere(pid, tree), inside: [shm, attached, ...queues] };
