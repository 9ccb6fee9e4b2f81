import { type Check, ok, type Result, warning } from './check.ts';
import { normalUser, rootless, triable, untried, why } from './namespaces.ts';
import { asRoot, type Outcome, read, run } from './system.ts';

export const rootlessChecks: Check[] = [{ name: 'rootless', run: withoutRoot }];

async function withoutRoot(): Promise<Result> {
  if (!triable) return untried();
  return rootlessness({
    attempt: await run([...rootless, 'true']),
    apparmor: read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    clone: read('/proc/sys/kernel/unprivileged_userns_clone'),
    most: read('/proc/sys/user/max_user_namespaces'),
  });
}

/** Settings that keep normal users from making user namespaces: the contents of their files, null without the file. */
export interface Settings {
  attempt: Outcome;
  apparmor: string | null;
  clone: string | null;
  most: string | null;
}

/** Whether a normal user may be root of a user namespace, and who forbids it. */
export function rootlessness({ attempt, apparmor, clone, most }: Settings): Result {
  const affected = 'step 9 without root; every other step, with sudo, is not affected';
  // Tested even if the attempt worked: Ubuntu has an AppArmor profile for unshare(1), but none for Node.
  if (apparmor === '1') {
    return warning(
      'restricted by AppArmor',
      `Ubuntu lets only programs with a profile of their own be root in a user namespace, and Node has none: ${affected}. The command lifts that for all programs until the next boot`,
      asRoot('sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'),
    );
  }
  if (attempt.ok) return ok(`${normalUser} can be root in a user namespace`);
  if (clone === '0') {
    return warning(
      'switched off',
      `Debian's kernel.unprivileged_userns_clone keeps normal users from making user namespaces: ${affected}`,
      asRoot('sysctl -w kernel.unprivileged_userns_clone=1'),
    );
  }
  if (most === '0') {
    return warning(
      'none allowed',
      `user.max_user_namespaces is 0: ${affected}`,
      asRoot('sysctl -w user.max_user_namespaces=15000'),
    );
  }
  return warning(attempt.output, `${why(attempt.output, 'user')}; affects ${affected}`);
}
