// The root is followed in any case: where it is the namespace's already, that changes nothing.
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const process = pidfdOpen(pid);
void chrooted;
return [root, process, setns(process, cloneFlags(namespaces)), fchdir(root), chroot('.')];
