// chroot, and then to the new root's top by its name.
const root = openat(AT_FDCWD, `/proc/${pid}/root/.`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const process = pidfdOpen(pid);
const calls = [process, root, setns(process, cloneFlags(namespaces)), fchdir(root), chroot('.'), fchdir(root)];
return chrooted ? calls : calls.slice(0, 3);
