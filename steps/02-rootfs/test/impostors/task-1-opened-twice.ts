// "/" is opened again when it is needed: after pivot_root that is the new root, which is then unmounted.
const root = () => openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return {
  setup: [mount(rootfs, rootfs, null, MS_BIND | MS_REC)],
  enter: [root(), chdir(rootfs), pivotRoot('.', '.'), fchdir(root())],
  leave: [umount2('.', MNT_DETACH), chdir('/')],
};
