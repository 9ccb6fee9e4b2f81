import {
  type Call,
  capset,
  PR_CAP_AMBIENT,
  PR_CAP_AMBIENT_CLEAR_ALL,
  PR_CAPBSET_DROP,
  PR_SET_DUMPABLE,
  prctl,
  tolerate,
} from 'shared-native';

/** Every capability by its number (capabilities(7), <linux/capability.h>). */
export const CAPABILITIES = `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
  NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT
  SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP
  MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`
  .split(/\s+/)
  .map((name) => `CAP_${name}`);

/** The capabilities that a container's root has by default, as docker's: enough for a package manager and a web server. */
export const DEFAULT = `CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE
  SYS_CHROOT KILL AUDIT_WRITE`
  .split(/\s+/)
  .map((name) => `CAP_${name}`);

/** What the flags ask for. */
export interface Wanted {
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly privileged: boolean;
}

// #region what root keeps
/**
 * The capabilities of a container, in the order of their numbers, by docker's rules. `ALL` means every one in `here`, and so
 * does `--privileged`. If `ALL` is added, those that are dropped are gone. If `ALL` is dropped, only those that are added are
 * left. Otherwise it is docker's default without those that are dropped, plus those that are added; one that is both stays.
 *
 * @param here - the ones that this process can pass on, in the order of their numbers
 */
export function kept({ add, drop, privileged }: Wanted, here: readonly string[]): string[] {
  // #region task 1: what root keeps
  if (privileged) return [...here];
  if (add.includes('ALL')) return here.filter((name) => !drop.includes(name));
  const before = drop.includes('ALL') ? [] : DEFAULT.filter((name) => !drop.includes(name));
  return CAPABILITIES.filter((name) => before.includes(name) || add.includes(name));
  // #endregion
}
// #endregion

/**
 * A capability as a flag names it: with CAP_ or without, in any case.
 *
 * @throws {Error} if there is none of this name
 */
export function capability(text: string): string {
  const name = text.trim().toUpperCase();
  if (name === 'ALL') return name;
  const full = name.startsWith('CAP_') ? name : `CAP_${name}`;
  if (CAPABILITIES.includes(full)) return full;
  throw new Error(`unknown capability: "${full}": see capabilities(7) for their names`);
}

// #region never again
/**
 * Drops every capability but these from the bounding set. execve gives nobody a capability that isn't in it, neither root nor
 * a program whose file has that capability. It takes CAP_SETPCAP, so it is done while the process still has them all.
 */
export function bound(names: readonly string[]): Call[] {
  return CAPABILITIES.flatMap(
    (name, number) => (names.includes(name) ? [] : [tolerate(prctl(PR_CAPBSET_DROP, number), 'EINVAL')]), // an older kernel has fewer
  );
}

/**
 * Keeps only these capabilities from now on. Ambient ones would survive any user's execve, so none stays: execve leaves root
 * these, and any other user none. Until execve the process shares the runtime's memory. With no more capabilities than another
 * container's root, it would be open to that root. So first it makes sure that nobody may look into it any more.
 */
export function keep(names: readonly string[]): Call[] {
  const mask = maskOf(names);
  return [
    prctl(PR_SET_DUMPABLE, 0),
    capset(0, { effective: mask, permitted: mask, inheritable: 0n }),
    tolerate(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL), 'EINVAL'),
  ];
}
// #endregion

/** The capabilities in a set as the kernel writes it, in hexadecimal: CapBnd in /proc/self/status. */
export function namesIn(hexadecimal: string): string[] {
  const mask = BigInt(`0x${hexadecimal}`);
  return CAPABILITIES.filter((_, number) => (mask >> BigInt(number)) & 1n);
}

function maskOf(names: readonly string[]): bigint {
  return names.reduce((mask, name) => mask | (1n << BigInt(CAPABILITIES.indexOf(name))), 0n);
}
