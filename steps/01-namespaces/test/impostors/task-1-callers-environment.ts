// The environment is the caller's: its variables leak in, and its PATH leads where the container has nothing.
const env = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [mount(null, '/', null, MS_REC | MS_PRIVATE), sethostname(options.hostname)],
  enter: [chroot(options.rootfs), chdir('/')],
  inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, env, PATH)),
});
