import type { Command } from 'commander';
import {
  callersSize,
  each,
  findHierarchies,
  Misuse,
  type Namespace,
  pipes,
  type Running,
  readEnvFile,
  runningContainer,
  type Ulimit,
  variable,
  type WindowSize,
  workdir,
} from 'step-05';
import { cgroupFile, cgroupsOfProcess } from './cgroups.ts';
import { assertRoom } from './full.ts';
import { differing, namespacesOf } from './namespaces.ts';
import { assertNotPaused } from './paused.ts';
import { UNKNOWN } from './status.ts';

/** Describes a process to start in a running container. */
export interface ExecOptions {
  readonly container: Running;
  readonly command: readonly string[];
  /** The container's namespaces that this process isn't in already. */
  readonly namespaces: readonly Namespace[];
  /** The directories of the container's cgroups. */
  readonly cgroups: readonly string[];
  /** Does its root differ from its mount namespace's, as in step 1? */
  readonly chrooted: boolean;
  readonly name: string;
  readonly hostname: string;
  readonly env: readonly string[];
  readonly workdir: string;
  readonly user: string;
  readonly groupAdd: readonly string[];
  readonly ulimits: readonly Ulimit[];
  readonly oomScoreAdj: number;
  readonly interactive: boolean;
  readonly detach: boolean;
  readonly pipes: readonly number[];
  readonly tty: WindowSize | undefined;
}

/** The flags of exec, as commander gives them. */
export interface ExecFlags {
  readonly env?: string[];
  readonly envFile?: string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly detach?: boolean;
}

/** Adds the flags of exec to a command. */
export function execFlags(command: Command): Command {
  return command
    .option('-d, --detach', 'let it run on by itself, without input and output')
    .option(
      '-e, --env <name=value>',
      "a variable, besides the container's; NAME alone takes the caller's value",
      each(variable),
    )
    .option('--env-file <file>', 'variables from a file, one per line', each(String))
    .option('-i, --interactive', 'pass standard input on (otherwise it is /dev/null)')
    .option('-t, --tty', 'give it a terminal')
    .option(
      '-u, --user <user[:group]>',
      "who it runs as, by the container's names or by numbers (default: the container's)",
    )
    .option('-w, --workdir <directory>', "where the command begins (default: the container's)", there);
}

/** docker leaves this to runc, which finds it out when the command is to begin. */
function there(path: string): string {
  try {
    return workdir(path);
  } catch (error) {
    throw new Misuse((error as Error).message, UNKNOWN);
  }
}

// #region what it has of the container
/** The part of a container's options that a process joining it needs. Containers of earlier steps have fewer. */
interface Kept {
  readonly hostname?: string;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly groupAdd?: readonly string[];
  readonly ulimits?: readonly { readonly name: Ulimit['name']; readonly soft: string; readonly hard: string }[];
  readonly oomScoreAdj?: number;
  readonly machine?: { readonly oomScoreAdj: number };
}

/** Step 1's environment, which isn't one of its options. */
const FIRST_STEPS = ['TERM=xterm', 'HOME=/root'];

/**
 * The options of exec's command line: the container's own options apply, and the command line's come after them. The state of
 * the container's first process doesn't count: it may have changed its environment, user and directory.
 *
 * @throws {Error} that says why nothing can join the container
 */
export function execOptions(flags: ExecFlags, name: string, command: readonly string[]): ExecOptions {
  const container = runningContainer(name.replace(/^\//, ''));
  const { pid, step } = container;
  const kept = container.options as Kept;
  const cgroups = cgroupsOfProcess(findHierarchies(), cgroupFile(pid), cgroupFile('self'));
  assertNotPaused(name, cgroups);
  assertRoom(name, cgroups);
  const { env = [], envFile = [], interactive = false, detach = false, tty = false } = flags;
  return {
    container,
    command,
    namespaces: differing(namespacesOf(pid), namespacesOf('self')),
    cgroups: cgroups.map(({ directory }) => directory),
    chrooted: step === 'step-01',
    name: container.name,
    hostname: kept.hostname ?? '',
    env: [...(kept.env ?? FIRST_STEPS), ...envFile.flatMap((file) => readEnvFile(file)), ...env],
    workdir: flags.workdir ?? kept.workdir ?? '/',
    user: flags.user || (kept.user ?? ''),
    groupAdd: kept.groupAdd ?? [],
    ulimits: (kept.ulimits ?? []).map((one) => ({ ...one, soft: BigInt(one.soft), hard: BigInt(one.hard) })),
    oomScoreAdj: kept.oomScoreAdj ?? kept.machine?.oomScoreAdj ?? 0,
    interactive,
    detach,
    pipes: tty || detach ? [] : pipes().filter((pipe) => pipe !== 0 || interactive),
    tty: tty && !detach ? callersSize() : undefined,
  };
}
// #endregion
