// The mount tree stays shared: what the container mounts appears on the host.
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [sethostname(options.hostname)],
  enter: [chroot(options.rootfs), chdir('/')],
  inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
