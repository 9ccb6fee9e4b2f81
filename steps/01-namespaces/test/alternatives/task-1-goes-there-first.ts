// The working directory is the root before it is made the root; the mounts become slaves: nothing goes out either.
import { MS_SLAVE } from 'shared-native';
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['uts', 'mnt', 'pid'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [sethostname(options.hostname), mount('', '/', '', MS_REC | MS_SLAVE)],
  enter: [chdir(options.rootfs), chroot('.')],
  inside: [mount('none', 'proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
