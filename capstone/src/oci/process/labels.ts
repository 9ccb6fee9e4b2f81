import {
  AT_FDCWD,
  type Call,
  O_CLOEXEC,
  O_WRONLY,
  openat,
  PER_LINUX,
  PER_LINUX32,
  personality,
  write,
} from 'shared-native';
import type { Config, Process } from '../config/schema.ts';

/** Labels of security modules, for the program: the file that takes them is the host's /proc's (CVE-2019-19921). */
export function labels({ apparmorProfile, selinuxLabel }: Process): { setup: Call[]; exec: Call[] } {
  const text = apparmorProfile ? `exec ${apparmorProfile}` : selinuxLabel;
  if (!text) return { setup: [], exec: [] };
  const file = openat(AT_FDCWD, '/proc/self/attr/exec', O_WRONLY | O_CLOEXEC);
  return { setup: [file], exec: [write(file, text)] };
}

/** The kernel's manner towards it: that of a machine of 32 bits, on one of 64. @throws {Error} for flags */
export function personalityOf({ personality: asked }: NonNullable<Config['linux']>): Call[] {
  if (!asked) return [];
  if (asked.flags?.length) throw new Error('linux.personality.flags can’t be had: the specification has none yet');
  return [personality(asked.domain === 'LINUX32' ? PER_LINUX32 : PER_LINUX)];
}
