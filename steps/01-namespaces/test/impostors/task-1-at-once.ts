// The cgroup is joined before the process exists, where $pid stands for nothing yet.
const actions = limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit);
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: actions.map((action) => ({ ...action, when: 'before' })),
  setup: [mount(null, '/', null, MS_REC | MS_PRIVATE), sethostname(options.hostname)],
  enter: [chroot(options.rootfs), chdir('/')],
  inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
