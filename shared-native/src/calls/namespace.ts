import { type Call, type Fd, makeCall } from '../call.ts';
import { byteLength, fd, flags, int, text, ulong } from './arguments.ts';
import { manual } from './manual.ts';

/** Longest host name and domain name, in bytes (__NEW_UTS_LEN in <linux/utsname.h>). */
export const HOST_NAME_MAX = 64;

manual('unshare', {
  words: ({ flags = '' }) => `leave these behind for new ones of its own: ${kinds(flags)}`,
  errors: {
    EPERM:
      'new namespaces need CAP_SYS_ADMIN, and a new user namespace needs a system that allows it (kernel.apparmor_restrict_unprivileged_userns and the like); run as root, or make the user namespace first',
    EINVAL:
      'a process with several threads, as Node is, cannot leave its user namespace, and a flag may be unknown to this kernel; do it in a process that clone starts',
    ENOSPC:
      'namespaces are nested 32 deep, or there are as many as /proc/sys/user/max_*_namespaces allows; raise that limit',
    EUSERS: 'user namespaces are nested 32 deep; make fewer',
    ENOMEM: 'the kernel found no memory for the namespace; free some',
  },
});

/** What a CLONE_* flag stands for. */
const KINDS: Readonly<Record<string, string>> = {
  CLONE_NEWNS: 'mounts',
  CLONE_NEWCGROUP: 'cgroup root',
  CLONE_NEWUTS: 'host name',
  CLONE_NEWIPC: 'System V objects and message queues',
  CLONE_NEWUSER: 'users',
  CLONE_NEWPID: 'process numbers (from its next child on)',
  CLONE_NEWNET: 'network',
  CLONE_NEWTIME: 'boot clock (from its next child on)',
  CLONE_FILES: 'descriptor table',
  CLONE_FS: 'root, working directory and umask',
};

function kinds(flags: string): string {
  return flags
    .split('|')
    .map((flag) => KINDS[flag] ?? flag)
    .join(', ');
}

/**
 * Gives this process new namespaces. For PID and time namespaces, only its next children are in them.
 *
 * @param unshareFlags - CLONE_NEW* flags, CLONE_FILES, CLONE_FS
 * @see {@link https://man7.org/linux/man-pages/man2/unshare.2.html | unshare(2)}
 */
export function unshare(unshareFlags: number): Call {
  return makeCall('unshare', { flags: flags('flags', unshareFlags, 'CLONE') });
}

manual('setns', {
  words: ({ fd, nstype = '' }) => `join the namespace of descriptor ${fd}${nstype === '0' ? '' : `: ${kinds(nstype)}`}`,
  errors: {
    EINVAL:
      'the descriptor is of another kind than the flags say; or a user namespace: a process with several threads, as Node is, cannot join one, nor can any join the one it is in; do it in a process that clone starts',
    EPERM:
      'CAP_SYS_ADMIN is missing in the namespace or in the own user namespace; join the user namespace that owns it first',
    ESRCH: 'the process of this pidfd has ended, and its namespaces with it; start it again',
    EBADF: 'the descriptor is not open; open /proc/PID/ns/… or a pidfd',
    ENOMEM: 'the kernel found no memory; free some',
  },
});

/**
 * Joins a namespace that exists.
 *
 * @param descriptor - of a /proc/PID/ns/… file; or a pidfd (Linux 5.8), which can give several at once
 * @param nstype - CLONE_NEW* flags: the kind that is meant; 0 allows any, but not with a pidfd
 * @see {@link https://man7.org/linux/man-pages/man2/setns.2.html | setns(2)}
 */
export function setns(descriptor: Fd, nstype = 0): Call {
  return makeCall('setns', { fd: fd('fd', descriptor), nstype: flags('nstype', nstype, 'CLONE') });
}

const nameErrors = {
  EPERM:
    'CAP_SYS_ADMIN is missing in the user namespace that owns this UTS namespace; run as root, or in a UTS namespace of its own',
  EINVAL: `the name is longer than ${HOST_NAME_MAX} bytes; take a shorter one`,
};

manual('sethostname', {
  words: ({ name }) => `this machine is called ${name} in this UTS namespace`,
  errors: nameErrors,
});

/**
 * Sets the host name of this UTS namespace.
 *
 * @param name - at most 64 bytes
 * @throws {RangeError} if it is longer
 * @see {@link https://man7.org/linux/man-pages/man2/sethostname.2.html | sethostname(2)}
 */
export function sethostname(name: string): Call {
  return makeCall('sethostname', { name: text('name', name), len: nameLength(name) });
}

manual('setdomainname', {
  words: ({ name }) => `the NIS domain is called ${name} in this UTS namespace (DNS does not use it)`,
  errors: nameErrors,
});

/**
 * Sets the NIS domain name of this UTS namespace, which is not the domain of DNS.
 *
 * @param name - at most 64 bytes
 * @throws {RangeError} if it is longer
 * @see {@link https://man7.org/linux/man-pages/man2/setdomainname.2.html | setdomainname(2)}
 */
export function setdomainname(name: string): Call {
  return makeCall('setdomainname', { name: text('name', name), len: nameLength(name) });
}

function nameLength(name: string) {
  const length = byteLength(name);
  if (length <= HOST_NAME_MAX) return ulong('len', length);
  throw new RangeError(
    `name is ${length} bytes long, and the kernel takes ${HOST_NAME_MAX} (HOST_NAME_MAX): ${JSON.stringify(name)}`,
  );
}

manual('socket', {
  words: ({ domain, type }) => `open a socket of this network namespace: ${domain}, ${type}`,
  errors: {
    EPERM:
      'a raw or packet socket needs CAP_NET_RAW in the user namespace that owns this network namespace; keep it, or use another type',
    EACCES: 'this user may not open a socket of this type; a security policy, or CAP_NET_RAW is missing',
    EAFNOSUPPORT: 'the kernel has no such family of addresses: IPv6 is switched off, perhaps; use another',
    EPROTONOSUPPORT: 'the family has no such type or protocol; 0 is the usual protocol',
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
  },
});

/**
 * Opens a socket. It belongs to the network namespace it was opened in, wherever it is passed to.
 *
 * @param domain - the family: AF_INET, AF_NETLINK …
 * @param type - SOCK_STREAM, SOCK_DGRAM …, with SOCK_CLOEXEC and SOCK_NONBLOCK
 * @param protocol - 0 is the usual one
 * @see {@link https://man7.org/linux/man-pages/man2/socket.2.html | socket(2)}
 */
export function socket(domain: number, type: number, protocol = 0): Call {
  return makeCall('socket', {
    domain: int('domain', domain, 'AF='),
    type: flags('type', type, 'SOCK'),
    protocol: int('protocol', protocol),
  });
}
