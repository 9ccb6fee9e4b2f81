// Whose the mode says doesn't matter: all have a /dev/shm of their own.
const queues = [mkdir('/dev/mqueue', 0o755), mount('mqueue', '/dev/mqueue', 'mqueue', PLAIN)];
const own = mount('shm', '/dev/shm', 'tmpfs', PLAIN, `mode=1777,size=${shmSize}`);
return { namespaces: mode === 'host' || pid > 0 ? [] : ['ipc'], inside: [mkdir('/dev/shm', 0o1777), own, ...queues] };
