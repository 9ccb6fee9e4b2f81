// The root isn't bound onto itself: pivot_root refuses a directory that is no mount with EINVAL.
const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [],
  enter: [hostRoot, chdir(rootfs), pivotRoot('.', '.'), fchdir(hostRoot)],
  leave: [umount2('.', MNT_DETACH), chdir('/')],
};
