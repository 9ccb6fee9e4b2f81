// The old root is let go of on the way in, as runc does: what is mounted later can't come from the host any more.
const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [mount(rootfs, rootfs, null, MS_BIND | MS_REC)],
  enter: [hostRoot, chdir(rootfs), pivotRoot('.', '.'), fchdir(hostRoot), umount2('.', MNT_DETACH), chdir('/')],
  leave: [],
};
