// The old root goes to /tmp of the new one, and is unmounted by that name.
const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [mount(rootfs, rootfs, null, MS_BIND | MS_REC)],
  enter: [hostRoot, pivotRoot(rootfs, `${rootfs}/tmp`), fchdir(hostRoot)],
  leave: [chdir('/'), umount2('/tmp', MNT_DETACH)],
};
