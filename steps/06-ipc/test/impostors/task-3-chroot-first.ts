// chroot comes first, on the host: setns to a mount namespace sets the root anew.
const process = pidfdOpen(pid);
const enter = [process, setns(process, cloneFlags(namespaces))];
return chrooted ? [chroot(`/proc/${pid}/root`), ...enter] : enter;
