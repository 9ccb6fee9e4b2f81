// The mount namespace is entered, and the others are not.
const process = pidfdOpen(pid);
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const enter = [process, setns(process, cloneFlags(['mnt']))];
return chrooted || namespaces.length === 0 ? [root, ...enter, fchdir(root), chroot('.')] : enter;
