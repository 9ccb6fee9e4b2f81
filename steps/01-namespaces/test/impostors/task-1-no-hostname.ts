// The hostname is never set: a new UTS namespace begins with a copy of the host's.
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [mount(null, '/', null, MS_REC | MS_PRIVATE)],
  enter: [chroot(options.rootfs), chdir('/')],
  inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
