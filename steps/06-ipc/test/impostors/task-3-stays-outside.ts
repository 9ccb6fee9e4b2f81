// The root is changed by its path, and the working directory stays above it: ".." leads out.
const process = pidfdOpen(pid);
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const enter = [process, setns(process, cloneFlags(namespaces))];
const host = openat(AT_FDCWD, '/', O_PATH | O_DIRECTORY | O_CLOEXEC);
return chrooted ? [root, ...enter, host, fchdir(root), chroot('.'), fchdir(host)] : enter;
