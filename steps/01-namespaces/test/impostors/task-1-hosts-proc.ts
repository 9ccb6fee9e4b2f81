// The host's /proc is bound there: it shows all processes of the machine, and their roots.
import { MS_BIND } from 'shared-native';
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['pid', 'mnt', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [
    mount(null, '/', null, MS_REC | MS_PRIVATE),
    mount('/proc', `${options.rootfs}/proc`, null, MS_BIND | MS_REC),
    sethostname(options.hostname),
  ],
  enter: [chroot(options.rootfs), chdir('/')],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
