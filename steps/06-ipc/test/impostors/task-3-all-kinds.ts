// All kinds are entered, also those that the container shares with the host or has not been asked for.
const process = pidfdOpen(pid);
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const all = [...new Set([...namespaces, 'mnt', 'pid', 'uts', 'ipc', 'net'] as const)];
const enter = [process, setns(process, cloneFlags(all))];
return chrooted ? [root, ...enter, fchdir(root), chroot('.')] : enter;
