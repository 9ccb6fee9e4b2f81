// MS_PRIVATE without MS_REC: "/" is private, and a mount below it, such as /home or /run, is still shared.
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [mount(null, '/', null, MS_PRIVATE), sethostname(options.hostname)],
  enter: [chroot(options.rootfs), chdir('/')],
  inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
