// /proc is mounted before chroot: it lies on the host's /proc, and the container's is an empty directory.
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC),
    sethostname(options.hostname),
  ],
  enter: [chroot(options.rootfs), chdir('/')],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
