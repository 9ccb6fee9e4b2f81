import type { Command } from 'commander';
import {
  callersSize,
  each,
  findHierarchies,
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

/** What a process in a running container is to be like. */
export interface ExecOptions {
  readonly container: Running;
  readonly command: readonly string[];
  /** Those of the container that this process isn't in already. */
  readonly namespaces: readonly Namespace[];
  /** The directories of the container's cgroups. */
  readonly cgroups: readonly string[];
  /** Is its root another than its mount namespace's? So it is in step 1. */
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
    .option('--env-file <file>', 'variables from a file, one a line', each(String))
    .option('-i, --interactive', 'pass standard input on (otherwise it is /dev/null)')
    .option('-t, --tty', 'give it a terminal of its own')
    .option(
      '-u, --user <user[:group]>',
      "who it runs as, by the container's names or by numbers (default: the container's)",
    )
    .option('-w, --workdir <directory>', "where the command begins (default: the container's)", workdir);
}

// #region what it has of the container
/** What the options of a container of any step say, as far as those who join it need it. Earlier steps have less. */
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

/** Step 1's environment, which isn't among its options. */
const FIRST_STEPS = ['TERM=xterm', 'HOME=/root'];

/**
 * The options that a command line of exec means: what the container was given holds, and what this adds comes after it. Not
 * what its first process is now: that may have changed its environment, its user and its directory.
 *
 * @throws {Error} that says in a sentence why nothing can join the container
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
