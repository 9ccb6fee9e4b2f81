import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AT_FDCWD, type Call, defaultSignals, O_CLOEXEC, O_DIRECTORY, O_PATH, openat, umask } from 'shared-native';
import {
  becomeRoot,
  differing,
  emptyPlan,
  extend,
  joinCgroups,
  namespacesOf,
  type Plan,
  setsDeathSignal,
  start,
  thisKernel,
} from 'step-10';
import { readProcess } from '../config/bundle.ts';
import { refuseProcess } from '../config/refuse.ts';
import type { Process } from '../config/schema.ts';
import type { OciCommand } from '../oci-command.ts';
import { beginInOwnMemory, type OwnChild } from '../own-memory.ts';
import { consoleIn } from '../process/console.ts';
import { labels } from '../process/labels.ts';
import { notFound } from '../process/not-found.ts';
import { passTerminal } from '../process/pass.ts';
import { giveUp, limitCalls, withCapabilities } from '../process/privileges.ts';
import { becoming, looksFor } from '../process/program.ts';
import { affinity } from '../process/scheduling.ts';
import { scored } from '../process/score.ts';
import { filterOfBundle } from '../process/seccomp.ts';
import { streams } from '../process/streams.ts';
import { attend } from '../running/attend.ts';
import { entering } from '../running/in-namespaces.ts';
import { type Container, container, statusOf } from '../state/container.ts';

interface Flags {
  readonly process?: string;
  readonly detach?: boolean;
  readonly tty?: boolean;
  readonly pidFile?: string;
  readonly consoleSocket?: string;
  readonly cwd?: string;
  readonly env?: string[];
  readonly user?: string;
  readonly additionalGids?: string[];
  readonly cap?: string[];
  readonly noNewPrivs?: boolean;
  readonly preserveFds: string;
  readonly ignorePaused?: boolean;
}

const all = (text: string, before: string[] = []) => [...before, text];

export const execCommand: OciCommand = {
  usage: '<id> [command...]',
  description: 'run another process in a container',
  failure: 255,
  options: (command: Command) =>
    command
      .passThroughOptions()
      .option('-p, --process <file>', 'process.json')
      .option('-d, --detach', 'end as soon as it runs')
      .option('-t, --tty', 'give it a terminal')
      .option('--pid-file <file>', 'a file for its number')
      .option('--console-socket <path>', 'a socket that gets the other end of its terminal')
      .option('--cwd <directory>', 'where it begins')
      .option('-e, --env <name=value>', 'a variable', all)
      .option('-u, --user <uid[:gid]>', 'who it runs as')
      .option('-g, --additional-gids <gid>', 'one more group', all)
      .option('-c, --cap <capability>', 'one more capability', all)
      .option('--no-new-privs', 'none of its programs can have more than itself')
      .option('--apparmor <profile>', 'refused where the kernel has no AppArmor')
      .option('--process-label <label>', 'refused where the kernel has no SELinux')
      .option('--preserve-fds <number>', 'how many more descriptors it gets', '0')
      .option('--ignore-paused', 'also if the container is paused; it waits then'),
  async run([id = '', ...args], flags: Flags, { root }) {
    const one = container(root, id);
    const status = statusOf(one);
    if (status === 'stopped') throw new Error('cannot exec in a stopped container');
    if (status === 'paused' && !flags.ignorePaused) throw new Error('cannot exec in a paused container');
    const given = flags.process ? readProcess(flags.process) : processOf(one, args, flags);
    const isMapped = one.config.linux?.namespaces?.some(({ type }) => type === 'user') ?? false;
    const process = withCapabilities(given, isMapped ? thisKernel().capabilities : thisKernel().passable);
    refuseProcess(process);
    if (!process.args?.length) throw new Error('process args cannot be empty');
    if (process.terminal && flags.detach && !flags.consoleSocket)
      throw new Error('cannot allocate tty if runc will detach without setting console socket');
    return execute(one, process, flags);
  },
};

/** The container's own process, with what the command line says. */
function processOf({ config }: Container, args: readonly string[], flags: Flags): Process {
  const { process = { cwd: '/' } } = config;
  const { capabilities = {}, user = {} } = process;
  const [uid, gid] = flags.user?.split(':').map(Number) ?? [user.uid, user.gid];
  const groups = [...(user.additionalGids ?? []), ...(flags.additionalGids ?? []).map(Number)];
  const more = flags.cap ?? [];
  const isPassedOn = (capabilities.inheritable ?? []).length > 0;
  const sets = ['bounding', 'effective', 'permitted', ...(isPassedOn ? (['ambient'] as const) : [])] as const;
  const wider = sets.map((set) => [set, [...(capabilities[set] ?? []), ...more]]);
  return {
    ...process,
    args,
    terminal: flags.tty ?? false,
    ...(flags.cwd && { cwd: flags.cwd }),
    env: [...(process.env ?? []), ...(flags.env ?? [])],
    user: { ...user, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }), additionalGids: groups },
    capabilities: { ...capabilities, ...Object.fromEntries(wider) },
    ...(flags.noNewPrivs && { noNewPrivileges: true }),
  };
}

async function execute(one: Container, process: Process, flags: Flags): Promise<number> {
  const { plan, ready, found, hasTerminal } = execPlan(one, process, Number(flags.preserveFds));
  let child: OwnChild | undefined;
  const started = await start(plan, undefined, {
    guest: true,
    begin(calls, _, letGo) {
      child = beginInOwnMemory(calls, letGo, [
        {
          before: ready,
          async reached(pid) {
            const missing = notFound(process, found, child?.progress() ?? [], pid);
            if (missing) throw missing;
          },
        },
      ]);
      return child;
    },
  });
  if (!(await child?.passed)) {
    const { failure, signal } = await started.exited;
    throw failure ?? new Error(`the process ended before it was its program (${signal})`);
  }
  const [master] = hasTerminal ? started.taken : [];
  if (flags.pidFile) writeFileSync(flags.pidFile, String(started.pid));
  if (master !== undefined && flags.consoleSocket) passTerminal(flags.consoleSocket, master);
  if (flags.detach) {
    started.leave();
    return 0;
  }
  return attend(started, flags.consoleSocket ? undefined : master);
}

// #region a process inside
/** A process in a container that runs: in its namespaces and cgroups, with what config.json lets a process do. */
function execPlan(one: Container, process: Process, preserveFds: number) {
  const { config, pid, cgroups } = one;
  const rootfs = `/proc/${pid}/root`;
  const root = openat(AT_FDCWD, rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
  const console = process.terminal ? consoleIn(root, process, false) : undefined;
  const isMapped = differing(namespacesOf(pid), namespacesOf('self')).includes('user');
  const limits = limitCalls(process.rlimits);
  const filter = filterOfBundle(withoutListener(config.linux?.seccomp), process);
  const memoryPolicy = config.linux?.memoryPolicy;
  const given = giveUp(process, { filter, newKeyring: false, memoryPolicy, limited: isMapped });
  const { initial, final } = affinity(process);
  const label = labels(process);
  const program = becoming(process, rootfs);
  const found = program.map(({ args }) => looksFor(args.pathname));
  const signals = defaultSignals();
  const ready = signals[0] as Call;
  const plan: Plan = extend(emptyPlan(one.id), 'exec', {
    outlives: true,
    actions: [joinCgroups(cgroups), ...scored(process)],
    join: [...initial, ...label.setup, root, ...(isMapped ? limits : []), ...entering(pid)],
    setup: [
      ...(isMapped ? becomeRoot().filter((call) => !setsDeathSignal(call)) : []),
      umask(process.user?.umask ?? 0o022),
      ...(console?.open ?? []),
    ],
    takes: console ? [console.master] : [],
    privileges: [...final, ...(streams(process, console?.stdio, preserveFds).privileges ?? []), ...given.privileges],
    exec: [...label.exec, ...found, ...signals, ...given.exec, ...program] satisfies Call[],
  });
  return { plan, ready, found, hasTerminal: console !== undefined };
}
// #endregion

/** An agent is told of a container's first process alone; one that comes later would wait for nobody. */
function withoutListener(seccomp: NonNullable<Container['config']['linux']>['seccomp']) {
  if (seccomp?.listenerPath) throw new Error('exec is not possible in a container whose seccomp filter has a listener');
  return seccomp;
}
