import { type Check, impossible, ok, type Result, warning } from './check.ts';
import { install, installed, isRoot, type Outcome, run } from './system.ts';

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
  { name: 'cgroup', flags: ['--cgroup'], need: "hiding the host's cgroups" },
  { name: 'time', flags: ['--time', '--fork'], need: 'no step yet' },
];

/** As root does it; null for any other user. */
const rootly = isRoot ? ['unshare'] : null;

/** What puts a command into namespaces as a normal user does it; root becomes one first. */
const dropped = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
export const rootless = [...dropped, 'unshare', '--user', '--map-root-user'];
export const normalUser = isRoot ? 'uid 65534' : `uid ${process.getuid?.()}`;

/** What puts a command into namespaces by the best right this process has. */
export const enter = rootly ?? rootless;

/** Whether the programs that the checks try it with are there. */
export const triable = installed('unshare') && (!isRoot || installed('setpriv'));

export const namespaceChecks: Check[] = kinds.map((kind) => ({
  name: `${kind.name} namespace`,
  run: () => namespace(kind),
}));

/** Really makes one, both ways. */
async function namespace({ name, flags, need }: Kind): Promise<Result> {
  if (!triable) return untried();
  const asRoot = rootly && (await run([...rootly, ...flags, 'true']));
  const asUser = await run([...rootless, ...flags, 'true']);
  return verdict({ name, need, asRoot, asUser });
}

export function untried(): Result {
  return warning('not tried', 'unshare(1) or setpriv(1) is missing', install('util-linux'));
}

/** What two attempts at one kind of namespace say; `asRoot` is null if this process isn't root. */
export function verdict(attempts: { name: string; need: string; asRoot: Outcome | null; asUser: Outcome }): Result {
  const { name, need, asRoot, asUser } = attempts;
  if (!asRoot && asUser.ok) return ok(`made as ${normalUser}`);
  if (!asRoot) return warning(asUser.output, `needed for ${need}; root may be able to`, 'sudo ./boxstep doctor');
  if (asRoot.ok) return ok(asUser.ok ? `made as root and as ${normalUser}` : 'made as root');
  const meaning = `${why(asRoot.output, name)}; needed for ${need}`;
  if (asUser.ok) return warning(`made as ${normalUser}, but not as root`, meaning);
  return (need === 'every step' ? impossible : warning)(asRoot.output, meaning);
}

/** What unshare(1)'s message means. */
export function why(output: string, name: string): string {
  if (/not permitted/i.test(output)) {
    return 'a sandbox or a chroot around this forbids it (inside Docker: docker run --privileged)';
  }
  if (/invalid argument/i.test(output)) return `this kernel is built without ${name} namespaces`;
  if (/no space left/i.test(output)) return `the limit /proc/sys/user/max_${name}_namespaces is reached`;
  if (/unrecognized option/i.test(output)) return 'this unshare(1) is too old to try it';
  return 'unexpected';
}
