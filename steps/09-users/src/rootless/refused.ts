import { readFileSync } from 'node:fs';

/** A setting of the kernel's that keeps ordinary users from being root in a user namespace. */
export interface Setting {
  readonly file: string;
  /** What it says where it does. */
  readonly forbids: string;
  readonly what: string;
  /** The command that lets them, until the next boot. */
  readonly mend: string;
}

/** Who forbids it: Ubuntu's AppArmor, Debian's kernel, any kernel. */
export const SETTINGS: readonly Setting[] = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    what: 'AppArmor only lets programs with their own profile be root in a user namespace, and Node has none',
    mend: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    what: 'kernel.unprivileged_userns_clone keeps ordinary users from making user namespaces',
    mend: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    what: 'user.max_user_namespaces allows none',
    mend: 'sudo sysctl -w user.max_user_namespaces=15000',
  },
];

/** Why an ordinary user couldn't become root in a user namespace, in a sentence with the command that helps. */
export function whyNot(error: Error, read = readSetting): Error {
  const found = SETTINGS.find(({ file, forbids }) => read(file) === forbids);
  const why = found
    ? `${found.what}. Type: ${found.mend}`
    : `${error.message}. "boxstep doctor" says what this machine lacks`;
  return new Error(`an ordinary user can't be root in a user namespace here: ${why}`, { cause: error });
}

function readSetting(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
