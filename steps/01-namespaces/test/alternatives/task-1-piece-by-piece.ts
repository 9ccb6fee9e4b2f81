// Extended three times, and /proc is mounted by its path on the host before the root is changed.
const isolated = extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  setup: [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    mount('proc', `${options.rootfs}/proc`, 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC),
  ],
});
const limited = extend(isolated, 'step-01', {
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  enter: [chroot(options.rootfs), chdir('/')],
});
return extend(limited, 'step-01', {
  leave: [sethostname(options.hostname)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
