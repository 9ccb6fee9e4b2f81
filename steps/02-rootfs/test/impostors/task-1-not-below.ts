// MS_BIND without MS_REC: what is mounted below the root, a volume say, is not in the container.
const hostRoot = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [mount(rootfs, rootfs, null, MS_BIND)],
  enter: [hostRoot, chdir(rootfs), pivotRoot('.', '.'), fchdir(hostRoot)],
  leave: [umount2('.', MNT_DETACH), chdir('/')],
};
