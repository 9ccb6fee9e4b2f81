import { AT_FDCWD, type Call, close, O_CLOEXEC, O_WRONLY, openat, write } from 'shared-native';

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
export function namespaceOf(name: string): 'ipc' | 'net' | undefined {
  if (name.startsWith('net.')) return 'net';
  return name.startsWith('fs.mqueue.') || OF_IPC.some((one) => name === `kernel.${one}`) ? 'ipc' : undefined;
}

/** Sets variables while /proc/sys can still be written. In a name a dot is a slash, and a slash (eth0/1) a dot: sysctl(8). */
export function setSysctls(all: readonly Sysctl[]): Call[] {
  return all.flatMap(([name, value]) => {
    const path = name.replace(/[./]/g, (one) => (one === '.' ? '/' : '.'));
    const file = openat(AT_FDCWD, `/proc/sys/${path}`, O_WRONLY | O_CLOEXEC);
    return [file, write(file, value), close(file)];
  });
}
