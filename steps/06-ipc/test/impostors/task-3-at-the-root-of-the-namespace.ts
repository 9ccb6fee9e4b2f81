// The container's own root is forgotten: in step 1's, that process is on the host.
const process = pidfdOpen(pid);
return [process, setns(process, cloneFlags(namespaces))];
