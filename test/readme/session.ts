import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { state } from 'step-01';
import { ROOT } from './markdown.ts';
import { type Answer, openShell, type Shell } from './shell.ts';

/** Who types a command: `# ` is root, `$ ` is anyone. */
export type Person = 'root' | 'anyone';

/** Two terminals side by side, root's and someone else's: each keeps its variables, its directory and its `$?`. */
export interface Session {
  type(person: Person, command: string): Promise<Answer>;
  hangUp(): Promise<void>;
}

/** nobody, on every Linux: the kernel's overflowuid. */
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;

/** Opens the terminals, in a directory. Run by an ordinary user, `$ ` commands are that user's, and `# ` ones fail. */
export function openSession(cwd: string): Session {
  const { BOXSTEP_ROOT, BOXSTEP_CACHE } = process.env; // in a guest, what is cached is in no root
  const home = mkdtempSync(join(tmpdir(), 'boxstep-reader-'));
  if (isRoot) chownSync(home, NOBODY, NOBODY);
  const open: Record<Person, () => Shell> = {
    root: () => openShell(ALONE, { cwd, env: { ...environment('root', homedir()), BOXSTEP_ROOT, BOXSTEP_CACHE } }),
    anyone: () => openShell(isRoot ? asNobody(cwd) : [], { cwd, env: environment('nobody', home) }),
  };
  const shells = new Map<Person, Shell>();
  return {
    type(person, command) {
      if (person === 'root' && !isRoot) throw new Error('a command after "# " needs root');
      const shell = shells.get(person) ?? open[person]();
      shells.set(person, shell);
      return shell.type(asHere(command)).then(({ output, ended }) => ({ output: asShown(output), ended }));
    },
    async hangUp() {
      await Promise.all([...shells.values()].map((shell) => shell.hangUp()));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

// A README shows the cgroups of a machine with no other root. With one, as in tests, they have another name.

function asHere(command: string): string {
  return command.replaceAll(/(?<=\/(sys\/fs\/cgroup\S*|mnt)\/)boxstep(?=\/)/g, state().name);
}

function asShown(output: string): string {
  return output.replaceAll(state().name, 'boxstep');
}

/**
 * A host whose network is nobody else's: an interface that leads nowhere (a bridge, which every kernel here can make), an
 * address, a route. Where there is no `ip`, lo is down.
 */
const ALONE = [
  ...['unshare', '--net', 'sh', '-c'],
  `ip link set lo up && ip link add eth0 type bridge && ip link set eth0 up && ip addr add 192.0.2.10/24 dev eth0 && ip route add default via 192.0.2.1
  echo 1 > /proc/sys/net/ipv4/ip_forward # as where docker runs, too
  exec "$@"`,
  'sh',
];

/** Nothing of the test's own environment: no pnpm, vitest or CI variables, and none of the workspace's programs. */
function environment(user: string, home: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(delimiter).filter((directory) => !directory.startsWith(ROOT));
  return {
    PATH: path.join(delimiter),
    HOME: home,
    USER: user,
    LOGNAME: user,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'xterm',
  };
}

/** Starts a command as nobody. Where nobody can't read the repository (a clone in /root), it may read all files. */
function asNobody(cwd: string): string[] {
  const setpriv = (caps: string) => [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    `--inh-caps=${caps}`,
    `--ambient-caps=${caps}`,
  ];
  const [file = '', ...args] = setpriv('-all');
  const reads = spawnSync(file, [...args, 'test', '-r', ROOT, '-a', '-r', join(ROOT, 'package.json'), '-a', '-x', cwd]);
  return reads.status === 0 ? [file, ...args] : setpriv('-all,+dac_read_search');
}
