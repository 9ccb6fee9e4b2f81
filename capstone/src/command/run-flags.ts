import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  each,
  type Flags,
  findHierarchies,
  Misuse,
  notOpened,
  options,
  pair,
  readEnvFile,
  say,
  signalNamed,
  typedPath,
} from 'step-10';
import { cgroupParent, refuseNoCgroups } from '../cgroups/parent.ts';
import type { Logging, RestartPolicy } from '../containers/record.ts';
import type { Wanted } from '../create.ts';
import { type HealthFlags, healthFlags } from '../health/flags.ts';
import { inNetworks, type LinkFlags } from '../links/flags.ts';
import { oneMoreLink } from '../links/link.ts';
import { DEFAULT_LOGGING } from '../log/options.ts';
import { type PullPolicy, pullPolicy } from '../registry/index.ts';
import { type V1Limits, v1Flags, v1LimitsOf } from '../v1-limits.ts';
import { type AttachedStream, attachedStream } from './attached-stream.ts';
import { notHere, refuseNotHere } from './not-here.ts';
import { restartPolicy } from './restart-policy.ts';

/** The flags of `create`, and of `run`, besides those of step 10, as commander gives them. */
export type CreateFlags = Flags &
  HealthFlags &
  LinkFlags &
  V1Limits & {
    readonly attach?: readonly AttachedStream[];
    readonly annotation?: string[];
    readonly cgroupParent?: string;
    readonly kernelMemory?: string;
    readonly name?: string;
    readonly rm?: boolean;
    readonly init?: boolean;
    readonly label?: string[];
    readonly labelFile?: string[];
    readonly restart?: RestartPolicy;
    /** As it was typed. */
    readonly stopSignal?: string;
    readonly stopTimeout?: number;
    readonly cidfile?: string;
    readonly platform?: string;
    readonly pull?: PullPolicy;
    readonly quiet?: boolean;
    /** Is nobody attached to it at its start? */
    readonly detach?: boolean;
    readonly logDriver?: Logging['driver'];
    readonly logOpt?: string[];
  };

/** Adds the flags of `create`, which are those of `run` but for what has to do with its terminal. */
export function createFlags(command: Command): Command {
  const all = options(command)
    .option('-a, --attach <stream>', 'attach to STDIN, STDOUT or STDERR', attachedStream)
    .option('--annotation <name=value>', 'something for an OCI runtime to know: kept, and shown', each(String))
    .option('--cgroup-parent <cgroup>', 'the cgroup that its own are in: a path from the top', cgroupParent)
    .option('--cidfile <file>', "write the container's id to a file that isn't there yet")
    .option('--init', 'run an init as PID 1, which passes signals on and reaps orphans')
    .option('-l, --label <name[=value]>', 'a label, NAME or NAME=VALUE', each(label))
    .option('--label-file <file>', 'labels from a file, one per line', each(String))
    .option('--log-driver <driver>', 'where its output goes: local (default), json-file, none', logDriver)
    .option('--link <container[:alias]>', 'a name for another container of the default network', oneMoreLink)
    .option('--log-opt <name=value>', 'max-size=SIZE, max-file=NUMBER', each(String))
    .option(
      '--restart <policy>',
      'when it is started again: no (default), on-failure[:N], always, unless-stopped',
      restartPolicy,
    )
    .option('--platform <platform>', 'which of several images of one name to pull: os/architecture[/variant]')
    .option('--pull <when>', 'pull the image from a registry: missing (default), always, never', pullPolicy)
    .option('-q, --quiet', 'show no progress while it is pulled')
    .option('--rm', 'remove it at its end, with its anonymous volumes')
    .option('--stop-signal <signal>', 'what "stop" sends (default: SIGTERM, or what the image says)', signal)
    .option('--stop-timeout <seconds>', 'how long "stop" waits before it kills; -1 is for ever (default: 10)', seconds);
  return notHere(v1Flags(healthFlags(all)));
}

/** What a command line of `create` or `run` asks for. @throws {Error} if flags contradict each other */
export function wantedBy(flags: CreateFlags, positionals: readonly string[]): Wanted {
  const { name, rm = false, init = false, restart = { name: 'no', maximumRetryCount: 0 } } = flags;
  refuseNotHere(flags);
  inNetworks(flags); // or it would be refused only when the image is there
  for (const file of flags.envFile ?? []) readEnvFile(file); // before its image is pulled
  if (flags.cgroupParent) refuseNoCgroups(findHierarchies());
  if (flags.kernelMemory !== undefined)
    say('Flag --kernel-memory has been deprecated, and no longer supported by the kernel');
  if (rm && restart.name !== 'no') throw new Misuse('conflicting options: cannot specify both --restart and --rm');
  const { stopSignal, stopTimeout } = flags;
  return {
    flags,
    positionals,
    ...(name && { name }),
    labels: labelsOf(flags),
    annotations: Object.fromEntries((flags.annotation ?? []).map(pair)),
    v1Limits: v1LimitsOf(flags, findHierarchies, say),
    ...(flags.cgroupParent && { cgroupParent: flags.cgroupParent }),
    restart,
    autoRemove: rm,
    init,
    ...(stopSignal !== undefined && { stopSignal: signalNamed(stopSignal) }),
    ...(stopTimeout !== undefined && { stopTimeout }),
    logging: loggingOf(flags),
  };
}

function loggingOf({ logDriver, logOpt = [] }: CreateFlags): Logging {
  const { driver, options } = logDriver ? { driver: logDriver, options: {} } : DEFAULT_LOGGING;
  return { driver, options: { ...options, ...Object.fromEntries(logOpt.map(pair)) } };
}

/** A later one replaces one of the same name; those of files come first. */
function labelsOf({ label = [], labelFile = [] }: CreateFlags): Record<string, string> {
  const lines = labelFile.flatMap(linesOf);
  const all = [...lines, ...label];
  return Object.fromEntries(all.map(pair));
}

/** The lines of a file of labels. As docker, it passes over a name alone. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(typedPath(file), 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => named(line, `invalid env file (${file}): no variable name on line '${line}'`));
  } catch (error) {
    if (!('code' in (error as Error))) throw error; // it was opened, and a line is wrong
    throw notOpened(file, error as Error);
  }
}

function label(text: string): string {
  return named(text, `invalid label '${text}': empty name`);
}

function named(text: string, wrong: string): string {
  if (pair(text)[0].trim() === '') throw new Error(wrong);
  return text;
}

/** docker shows it as it was typed. @throws {Error} if it is none */
function signal(text: string): string {
  signalNamed(text);
  return text;
}

function logDriver(text: string): Logging['driver'] | undefined {
  if (text === '') return undefined;
  if (text === 'json-file' || text === 'local' || text === 'none') return text;
  throw new Error(`logger: no log driver named '${text}' is registered: it is json-file, local or none`);
}

/** Seconds to wait. @throws {Error} if it is no whole number */
export function seconds(text: string): number {
  if (!/^-?\d+$/.test(text))
    throw new Error(`Expected a number of seconds, or -1 for no end, got ${JSON.stringify(text)}`);
  return Number(text) < 0 ? Infinity : Number(text);
}
