import {
  type Call,
  chdir,
  chroot,
  execvp,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  mount,
  setdomainname,
  sethostname,
} from 'shared-native';
import { limitPids } from './cgroup.ts';
import { emptyPlan, extend, type Plan } from './engine/plan.ts';
import { becomes } from './exec.ts';
import { hierarchyOf } from './hierarchies.ts';
import type { Options } from './options.ts';

// #region the whole container
/** A command as PID 1, with a hostname, a mount table and a /proc of its own, in a cgroup that limits it. */
export function plan(options: Options): Plan {
  // #region task 1: the first container
  return extend(emptyPlan(options.name), 'step-01', {
    namespaces: ['pid', 'mnt', 'uts'],
    actions: limitPids(hierarchyOf('pids', options.hierarchies), options.name, options.pidsLimit),
    setup: [mount(null, '/', null, MS_REC | MS_PRIVATE), sethostname(options.hostname), ...domain(options)],
    enter: [chroot(options.rootfs), chdir('/')],
    inside: [mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC)],
    exec: becomes(execvp(options.command, environment(options), PATH)),
  });
  // #endregion
}
// #endregion

/** A new UTS namespace begins with the host's domain name, which stays unless another is given. */
function domain({ domainname }: Options): Call[] {
  return domainname === '' ? [] : [setdomainname(domainname)];
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function environment({ hostname }: Options): string[] {
  return [`PATH=${PATH}`, `HOSTNAME=${hostname}`, 'TERM=xterm', 'HOME=/root'];
}
