// The usual ones, whatever they are: a container may share its network with the host.
return (['mnt', 'uts', 'ipc', 'pid', 'cgroup', 'net'] as const).filter((kind) => theirs[kind] !== undefined && ours[kind] !== undefined);
