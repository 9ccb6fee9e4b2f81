// chroot(".") where one is: at the root of the mount namespace.
const process = pidfdOpen(pid);
const enter = [process, setns(process, cloneFlags(namespaces))];
return chrooted ? [...enter, chroot('.')] : enter;
