// A setns for each kind, the mounts last.
const process = pidfdOpen(pid);
const root = openat(AT_FDCWD, `/proc/${pid}/root`, O_PATH | O_DIRECTORY | O_CLOEXEC);
const others = namespaces.filter((one) => one !== 'mnt');
const mounts = namespaces.filter((one) => one === 'mnt');
const enter = [...others, ...mounts].map((one) => setns(process, cloneFlags([one])));
return [process, root, ...enter, ...(chrooted ? [fchdir(root), chroot('.')] : [])];
