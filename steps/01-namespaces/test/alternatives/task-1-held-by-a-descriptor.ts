// The root is opened, and gone to by its descriptor; private first of all, then once more.
import { AT_FDCWD, fchdir, O_CLOEXEC, O_DIRECTORY, O_PATH, openat } from 'shared-native';
const root = openat(AT_FDCWD, options.rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
const makePrivate = mount(null, '/', null, MS_REC | MS_PRIVATE);
return extend(emptyPlan(options.name), 'step-01', {
  namespaces: ['mnt', 'pid', 'uts'],
  actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
  setup: [makePrivate, makePrivate, sethostname(options.hostname), root],
  enter: [fchdir(root), chroot('.'), chdir('/')],
  inside: [mount('proc', '/proc', 'proc', MS_NOEXEC | MS_NODEV | MS_NOSUID, null)],
  exec: becomes(execvp(options.command, environment(options), PATH)),
});
