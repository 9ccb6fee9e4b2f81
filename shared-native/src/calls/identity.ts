import { type Argument, type Call, type Field, makeCall } from '../call.ts';
import { _LINUX_CAPABILITY_VERSION_3 } from '../kernel/constants.ts';
import { id, int, room, struct, u32, ulong, within } from './arguments.ts';
import { manual } from './manual.ts';

const unmapped = 'is not mapped in this user namespace; add it to uid_map or gid_map, or choose one that is';

manual('setuid', {
  words: ({ uid }) => `become user ${uid}${uid === '0' ? '' : ', for good'}`,
  errors: {
    EINVAL: `the user id ${unmapped}`,
    EPERM:
      'CAP_SETUID is missing in this user namespace, and the id is not its own; call it before the capabilities are given up',
    EAGAIN:
      'the kernel found no memory for the new identity, or the user has as many processes as RLIMIT_NPROC allows; end some',
  },
});

/**
 * Changes the user of this process: with CAP_SETUID all its user ids, and leaving 0 empties its effective and
 * permitted capabilities (unless securebits say otherwise). Change groups first: afterwards it is too late.
 *
 * @param uid - a user id of this user namespace
 * @see {@link https://man7.org/linux/man-pages/man2/setuid.2.html | setuid(2)}
 */
export function setuid(uid: number): Call {
  return makeCall('setuid', { uid: within('uid', uid, 0, 2 ** 32 - 2) });
}

manual('setgid', {
  words: ({ gid }) => `become group ${gid}`,
  errors: {
    EINVAL: `the group id ${unmapped}`,
    EPERM: 'CAP_SETGID is missing in this user namespace, and the id is not its own; call it before setuid',
  },
});

/**
 * Changes the group of this process: with CAP_SETGID all its group ids, but not the supplementary groups.
 *
 * @param gid - a group id of this user namespace
 * @see {@link https://man7.org/linux/man-pages/man2/setgid.2.html | setgid(2)}
 */
export function setgid(gid: number): Call {
  return makeCall('setgid', { gid: within('gid', gid, 0, 2 ** 32 - 2) });
}

manual('setresuid', {
  words: ({ ruid, euid, suid }) => `become ${identities('user', ruid, euid, suid)}`,
  errors: {
    EINVAL: `one of the user ids ${unmapped}`,
    EPERM:
      'CAP_SETUID is missing in this user namespace, and an id is not its own; call it before the capabilities are given up',
    EAGAIN:
      'the kernel found no memory for the new identity, or the user has as many processes as RLIMIT_NPROC allows; end some',
  },
});

/**
 * Changes the real, effective and saved user id of this process.
 *
 * @param ruid - real: who started it; -1 leaves it
 * @param euid - effective: what permissions it has; -1 leaves it
 * @param suid - saved: what it may go back to; -1 leaves it
 * @see {@link https://man7.org/linux/man-pages/man2/setresuid.2.html | setresuid(2)}
 */
export function setresuid(ruid: number, euid: number, suid: number): Call {
  return makeCall('setresuid', { ruid: id('ruid', ruid), euid: id('euid', euid), suid: id('suid', suid) });
}

manual('setresgid', {
  page: 'setresuid',
  words: ({ rgid, egid, sgid }) => `become ${identities('group', rgid, egid, sgid)}`,
  errors: {
    EINVAL: `one of the group ids ${unmapped}`,
    EPERM: 'CAP_SETGID is missing in this user namespace, and an id is not its own; call it before setresuid',
  },
});

/**
 * Changes the real, effective and saved group id of this process.
 *
 * @param rgid - real; -1 leaves it
 * @param egid - effective; -1 leaves it
 * @param sgid - saved; -1 leaves it
 * @see {@link https://man7.org/linux/man-pages/man2/setresuid.2.html | setresgid(2)}
 */
export function setresgid(rgid: number, egid: number, sgid: number): Call {
  return makeCall('setresgid', { rgid: id('rgid', rgid), egid: id('egid', egid), sgid: id('sgid', sgid) });
}

function identities(what: string, real = '', effective = '', saved = ''): string {
  if (real === effective && effective === saved) return `${what} ${real}`;
  const parts = Object.entries({ real, effective, saved }).filter(([, value]) => value !== '-1');
  return parts.map(([kind, value]) => `${kind} ${what} ${value}`).join(', ') || `the same ${what}`;
}

manual('setgroups', {
  page: 'getgroups',
  words: ({ size, list }) =>
    size === '0'
      ? 'belong to no supplementary groups'
      : `belong to these supplementary groups and no others: ${list?.replaceAll(/\[\d+\]=|[{}]/g, '')}`,
  errors: {
    EPERM:
      'CAP_SETGID is missing, or this user namespace has no gid_map yet, or "deny" in /proc/PID/setgroups, as rootless ones without newgidmap must; leave it out there',
    EINVAL: `a group id ${unmapped}; or there are more than 65536`,
    ENOMEM: 'the kernel found no memory for the list; free some',
  },
});

/**
 * Replaces the supplementary groups of this process. A container that keeps those of its caller keeps their access.
 *
 * @param list - group ids of this user namespace, at most 65536
 * @throws {RangeError} if there are more
 * @see {@link https://man7.org/linux/man-pages/man2/setgroups.2.html | setgroups(2)}
 */
export function setgroups(list: readonly number[]): Call {
  const fields = list.map((gid, index): [string, Field] => [
    `[${index}]`,
    { bytes: 4, value: within(`list[${index}]`, gid, 0, 2 ** 32 - 2) },
  ]);
  return makeCall('setgroups', {
    size: within('size', list.length, 0, 65_536),
    list: list.length === 0 ? { kind: 'null' } : struct('gid_t[]', Object.fromEntries(fields)),
  });
}

/** Three capability sets: capability n of capabilities(7) is bit n. */
export interface CapabilitySets {
  readonly effective: number | bigint;
  readonly permitted: number | bigint;
  readonly inheritable: number | bigint;
}

manual('capget', {
  words: () => 'ask for the capabilities of a process',
  errors: {
    ESRCH: 'there is no such process in this PID namespace; it may have ended',
    EINVAL: 'the kernel does not know this version of the structs, or the pid is negative; 0 is this thread',
    EFAULT: 'the room for the answer does not lie in memory that this process may write; call it through this package',
  },
});

/**
 * Asks for the capability sets of a process.
 *
 * @param pid - 0 is this thread
 * @param into - 24 bytes of room: effective, permitted and inheritable for capabilities 0 to 31 (32 bits each), then
 *   the same for 32 to 63
 * @throws {RangeError} if the room isn't 24 bytes
 * @see {@link https://man7.org/linux/man-pages/man2/capget.2.html | capget(2)}
 */
export function capget(pid: number, into: Uint8Array): Call {
  return makeCall('capget', { hdrp: header(pid), datap: room(into, 24, 'into') });
}

manual('capset', {
  page: 'capget',
  words({ datap = '' }) {
    const kept = [...datap.matchAll(/permitted=\[([^\]]+)\]/g)].map(([, names]) => names).join(', ');
    return kept ? `keep these capabilities and no others: ${kept}` : 'keep no capabilities';
  },
  errors: {
    EPERM:
      'the permitted set can only shrink, the effective one must lie within it, and a capability that becomes inheritable must be permitted and in the bounding set; or the pid is another process; ask for less',
    EINVAL: 'the kernel does not know this version of the structs; update it',
    ESRCH: 'there is no such thread; 0 is this one',
  },
});

/**
 * Sets the capability sets of this thread.
 *
 * @param pid - 0: this thread; the kernel allows no other
 * @param sets - effective, permitted and inheritable: what is allowed now, what may be made effective, and what
 *   execve may pass on
 * @throws {RangeError} if a set isn't 64 bits
 * @see {@link https://man7.org/linux/man-pages/man2/capset.2.html | capset(2)}
 */
export function capset(pid: number, sets: CapabilitySets): Call {
  const names = ['effective', 'permitted', 'inheritable'] as const;
  for (const name of names) ulong(name, sets[name]);
  const half = (index: number) =>
    names.map((name): [string, Field] => {
      const bits = (BigInt(sets[name]) >> BigInt(32 * index)) & 0xffff_ffffn;
      return [`[${index}].${name}`, u32(name, Number(bits), `CAP#${32 * index}`)];
    });
  return makeCall('capset', {
    hdrp: header(pid),
    datap: struct('user_cap_data', Object.fromEntries([...half(0), ...half(1)])),
  });
}

function header(pid: number): Argument {
  return struct('user_cap_header', {
    version: u32('version', _LINUX_CAPABILITY_VERSION_3, '_LINUX_CAPABILITY_VERSION='),
    pid: { bytes: 4, value: int('pid', pid) },
  });
}
