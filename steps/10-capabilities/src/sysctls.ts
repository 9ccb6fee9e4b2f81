import { AT_FDCWD, type Call, close, O_CLOEXEC, O_WRONLY, openat, write } from 'shared-native';
import type { Namespace } from 'step-09';

/** A variable of the kernel's, and what it is to be: ['net.core.somaxconn', '1024']. */
export type Sysctl = readonly [name: string, value: string];

/** Those that the IPC namespace has, each container its own; besides them, all below net. and fs.mqueue. */
const OF_IPC = ['msgmax', 'msgmnb', 'msgmni', 'sem', 'shmall', 'shmmax', 'shmmni', 'shm_rmid_forced'];

/**
 * Reads `name=value`. Only variables of a namespace are the container's; any other would be the host's.
 *
 * @throws {Error} for any other, and for what isn't of this form
 */
export function sysctl(text: string): Sysctl {
  const [, name = '', value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (value !== undefined && namespaceOf(name) !== undefined) return [name, value];
  throw new Error(
    `sysctl '${text}' is not allowed: it takes NAME=VALUE, and only variables below net. and fs.mqueue., and kernel.msg*, kernel.sem and kernel.shm*, are a container's own`,
  );
}

/** The namespace that a variable belongs to. */
function namespaceOf(name: string): 'ipc' | 'net' | undefined {
  if (name.startsWith('net.')) return 'net';
  return name.startsWith('fs.mqueue.') || OF_IPC.some((one) => name === `kernel.${one}`) ? 'ipc' : undefined;
}

/**
 * What docker sets in every network of a container's own: any user may listen at port 80, and ping. The namespace is the
 * container's, so nobody else's port is taken by it.
 */
export const FOR_ANYBODY: readonly Sysctl[] = [
  ['net.ipv4.ip_unprivileged_port_start', '0'],
  ['net.ipv4.ping_group_range', '0 2147483647'],
];

/** Sets variables while /proc/sys can still be written. */
export function setSysctls(all: readonly Sysctl[]): Call[] {
  return all.flatMap(([name, value]) => {
    const file = openat(AT_FDCWD, pathOf(name), O_WRONLY | O_CLOEXEC);
    return [file, write(file, value), close(file)];
  });
}

/** The file of a variable. In a name a dot is a slash, and a slash (eth0/1) a dot: sysctl(8). */
export function pathOf(name: string): string {
  return `/proc/sys/${name.replace(/[./]/g, (one) => (one === '.' ? '/' : '.'))}`;
}

/**
 * @param own - the namespaces that aren't the host's
 * @throws {Error} with docker's words for a variable that would be the host's
 */
export function assertOwn(all: readonly Sysctl[], own: readonly Namespace[]): void {
  for (const [name] of all) {
    const namespace = namespaceOf(name);
    if (namespace === undefined || own.includes(namespace)) continue;
    const flag = namespace === 'net' ? '--network' : '--ipc';
    throw new Error(
      `sysctl '${name}' is not allowed in the host's ${namespace} namespace: it would be the host's that changes; leave out ${flag} host`,
    );
  }
}
