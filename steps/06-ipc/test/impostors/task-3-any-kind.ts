// setns is told no kind, which a pidfd refuses.
const process = pidfdOpen(pid);
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const enter = [process, setns(process, cloneFlags(namespaces) * 0)];
return chrooted ? [root, ...enter, fchdir(root), chroot('.')] : enter;
