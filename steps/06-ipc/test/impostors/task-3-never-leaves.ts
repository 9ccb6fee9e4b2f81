// The directory is gone to, but / stays the mount namespace's.
const process = pidfdOpen(pid);
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const enter = [process, setns(process, cloneFlags(namespaces))];
return chrooted ? [root, ...enter, fchdir(root)] : enter;
