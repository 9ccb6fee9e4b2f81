/** Where the model is simpler than the kernel on purpose. Everything else that differs is an error in the model. */
export const SIMPLER: readonly string[] = [
  'There is one process: clone, fork and wait are missing, and of other processes only ids, root and namespaces are known.',
  'Nothing makes a second link to a file, renames one, or reads a directory: no course call does.',
  'Filesystems to mount: tmpfs, ramfs, proc, sysfs, devtmpfs, devpts, mqueue, cgroup, cgroup2. Another that the kernel has is an error of the model.',
  'In /proc and /sys there is a selection of files; reading one whose content is not modelled is an error of the model.',
  'No memory is ever short, no filesystem full, and no count of files, mounts or namespaces on the machine reached, but RLIMIT_NOFILE.',
  'Id-mapped mounts, MOVE_MOUNT_BENEATH, MOVE_MOUNT_SET_GROUP, MNT_EXPIRE and MNT_FORCE’s effect are missing.',
  'Access control lists, security modules, quotas, inode flags (immutable, append-only) and protected_* sysctls are missing.',
  'v1 cgroup files of the devices controller take every text; what a limit then does to a process is known of pids alone.',
  'A terminal has no line discipline: nobody types, and what is written goes nowhere.',
];
