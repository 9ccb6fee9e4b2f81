// chroot without chdir: the working directory stays outside, and ".." leads to the host's files.
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [mount(null, '/', null, MS_REC | MS_PRIVATE), sethostname(options.hostname)],
  enter: [chroot(options.rootfs)],
  inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
