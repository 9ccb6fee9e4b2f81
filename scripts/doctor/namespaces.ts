import { type Check, impossible, ok, type Result, warning } from './check.ts';
import { asRoot, install, isRoot, type Outcome, read, run } from './system.ts';

/** A kind of namespace: unshare(1)'s flags for it, and what of the course can't do without. */
interface Kind {
  name: string;
  flags: string[];
  need: string;
}

// unshare(2) puts a caller's children, not itself, into new pid and time namespaces: hence --fork.
const kinds: Kind[] = [
  { name: 'mount', flags: ['--mount'], need: 'every step' },
  { name: 'pid', flags: ['--pid', '--fork'], need: 'every step' },
  { name: 'uts', flags: ['--uts'], need: 'every step' },
  { name: 'net', flags: ['--net'], need: 'step 5' },
  { name: 'ipc', flags: ['--ipc'], need: 'step 6' },
  { name: 'user', flags: ['--user'], need: 'step 9' },
  { name: 'cgroup', flags: ['--cgroup'], need: 'hiding the host’s cgroups' },
  { name: 'time', flags: ['--time', '--fork'], need: 'nothing in the course' },
];

/** As root does it; null for any other user. */
const rootly = isRoot ? ['unshare'] : null;

/** What puts a command into namespaces as a normal user does it; root becomes one first. */
const dropped = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const rootless = [...dropped, 'unshare', '--user', '--map-root-user'];
const normalUser = isRoot ? 'uid 65534' : `uid ${process.getuid?.()}`;

/** What puts a command into namespaces by the best right this process has. */
export const enter = rootly ?? rootless;

export const namespaceChecks: Check[] = [
  { name: 'rootless', run: withoutRoot },
  ...kinds.map((kind) => ({ name: `${kind.name} namespace`, run: () => namespace(kind) })),
];

/** Really makes one, both ways. */
async function namespace({ name, flags, need }: Kind): Promise<Result> {
  const asRoot = rootly && (await run([...rootly, ...flags, 'true']));
  const asUser = await run([...rootless, ...flags, 'true']);
  const able = [...(asRoot?.ok ? ['root'] : []), ...(asUser.ok ? [normalUser] : [])];
  if (able.length > 0) return ok(`made as ${able.join(' and as ')}`);
  const refused = asRoot ?? asUser;
  if (refused.code === 'ENOENT') return warning('not tried', 'unshare(1) is missing', install('util-linux'));
  // As a normal user, root may still be able to.
  if (!asRoot) return warning('not as a normal user', `for ${need}: as root it may work`, 'sudo ./boxstep doctor');
  const verdict = need === 'every step' ? impossible : warning;
  return verdict(refused.output, `${why(refused.output, name)}; needed for ${need}`);
}

async function withoutRoot(): Promise<Result> {
  const attempt = await run([...rootless, 'true']);
  if (attempt.code === 'ENOENT') {
    return warning('not tried', 'unshare(1) or setpriv(1) is missing', install('util-linux'));
  }
  return rootlessness({
    attempt,
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

/** What unshare(1)'s message means. */
export function why(output: string, name: string): string {
  if (/not permitted/i.test(output)) {
    return 'a sandbox around this forbids it (inside Docker: docker run --privileged)';
  }
  if (/invalid argument/i.test(output)) return `this kernel is built without ${name} namespaces`;
  if (/no space left/i.test(output)) return `the limit /proc/sys/user/max_${name}_namespaces is reached`;
  if (/unrecognized option/i.test(output)) return 'this unshare(1) is too old to try it';
  return 'unexpected';
}
