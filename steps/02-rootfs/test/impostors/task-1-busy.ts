// umount without MNT_DETACH: the old root is busy, since the process stands in it.
const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [mount(rootfs, rootfs, null, MS_BIND | MS_REC)],
  enter: [hostRoot, chdir(rootfs), pivotRoot('.', '.'), fchdir(hostRoot)],
  leave: [umount2('.', 0), chdir('/')],
};
