import { type Call, type Fd, makeCall } from '../call.ts';
import { bitmap, fd, flags, int, text, ulong, wordsFor } from './arguments.ts';
import { manual } from './manual.ts';

manual('mmap', {
  words: ({ length, fd, flags = '' }) =>
    `map ${length} bytes of ${flags.includes('MAP_ANONYMOUS') ? 'memory' : `descriptor ${fd}`}${flags.includes('MAP_SHARED') ? ', shared with all who map them' : ''}`,
  errors: {
    EACCES: 'the descriptor is not open for what is asked, or no file; open it with O_RDWR',
    EINVAL: 'address, length or offset is no whole number of pages, or the length is 0; round them',
    ENOMEM:
      'there is no room at this address, or memory may not be promised any more; see vm.overcommit_memory in sysctl',
    EPERM:
      'the file is on a mount with MS_NOEXEC, or sealed, or a security policy forbids it; map it without PROT_EXEC',
    ENODEV: 'the filesystem has no files that can be mapped; copy the file to one that has',
  },
});

/**
 * Maps a file. The result is the address.
 *
 * @param address - where; with MAP_FIXED, what was there is gone
 * @param length - in bytes
 * @param prot - PROT_* flags
 * @param mapFlags - MAP_* flags
 * @param descriptor - the file
 * @param offset - where in the file, in bytes: a whole number of pages
 * @see {@link https://man7.org/linux/man-pages/man2/mmap.2.html | mmap(2)}
 */
export function mmap(
  address: number,
  length: number,
  prot: number,
  mapFlags: number,
  descriptor: Fd,
  offset = 0,
): Call {
  return makeCall('mmap', {
    addr: ulong('addr', address),
    length: ulong('length', length),
    prot: flags('prot', prot, 'PROT'),
    flags: flags('flags', mapFlags, 'MAP'),
    fd: fd('fd', descriptor),
    offset: ulong('offset', offset),
  });
}

manual('memfd_create', {
  words: ({ name }) => `make a file in memory, ${name}, that has no place in the file tree`,
  errors: {
    EACCES: 'files in memory may not be executed here: vm.memfd_noexec is 2; set it to 0 or 1 with sysctl',
    EINVAL:
      'a flag is unknown (MFD_EXEC is, before Linux 6.3), or the name is longer than 249 bytes; leave the flag out',
    EMFILE: 'this process has as many open descriptors as RLIMIT_NOFILE allows; close some, or raise the limit',
    ENOMEM: 'there is no memory for it; free some',
  },
});

/**
 * Makes a file that is only in memory. The result is its descriptor.
 *
 * @param name - what /proc/PID/fd calls it
 * @param createFlags - MFD_CLOEXEC; MFD_EXEC, if it is to be executed
 * @see {@link https://man7.org/linux/man-pages/man2/memfd_create.2.html | memfd_create(2)}
 */
export function memfdCreate(name: string, createFlags = 0): Call {
  return makeCall('memfd_create', { name: text('name', name), flags: flags('flags', createFlags, 'MFD') });
}

manual('set_mempolicy', {
  words: ({ nodemask = '' }) =>
    `take memory from these nodes: ${[...nodemask.matchAll(/=\[([^\]]+)\]/g)].map(([, numbers]) => numbers).join(', ') || 'the nearest'}`,
  errors: {
    EINVAL:
      'the policy takes no nodes, or needs some, or none of these is there or in the cpuset of this cgroup; see Mems_allowed_list in /proc/self/status',
    ENOSYS: 'the kernel was built without NUMA; leave the policy out',
    EPERM: 'a seccomp filter stands in the way; allow set_mempolicy there',
  },
});

/**
 * Chooses the nodes from which a thread gets its memory, and what it starts.
 *
 * @param policy - an MPOL_* number, with MPOL_F_* flags
 * @param nodes - their numbers, from 0
 * @throws {RangeError} if a number isn't from 0 to 8191
 * @see {@link https://man7.org/linux/man-pages/man2/set_mempolicy.2.html | set_mempolicy(2)}
 */
export function setMempolicy(policy: number, nodes: readonly number[]): Call {
  return makeCall('set_mempolicy', {
    mode: int('mode', policy),
    nodemask: nodes.length === 0 ? { kind: 'null' } : bitmap('nodemask', 'nodes', nodes, 'NODE'),
    maxnode: ulong('maxnode', nodes.length === 0 ? 0 : 64 * wordsFor(nodes) + 1), // one more than there are bits
  });
}
