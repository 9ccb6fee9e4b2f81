import { getSystemErrorMap } from 'node:util';
import { isatty, type SyscallError } from 'shared-native';
import {
  type Attachment,
  attachTerminal,
  type Ended,
  failureMessage,
  isStill,
  type Plan,
  planJson,
  planText,
  put,
  type RunFlags,
  type Running,
  runPlan,
  type Subcommand,
  say,
  whyNoCommand,
} from 'step-05';
import { type ExecFlags, type ExecOptions, execFlags, execOptions } from './options.ts';
import { execPlan } from './plan.ts';
import { execStatus, NOT_STARTED } from './status.ts';

/** What exec takes besides what the process is to be like. */
type Flags = ExecFlags & { readonly explain?: boolean; readonly plan?: boolean; readonly json?: boolean };

/** Connects the caller's terminal with that of a process, whose number on the host is `pid`. */
type Connect = (master: number, typed: boolean, gone: (error: Error) => void, pid: number) => Attachment;

/** As for `run`: a second SIGTERM kills, and so do ten seconds. */
const AS_RUN: RunFlags = { stopTimeout: 10, sigProxy: true };

/**
 * `exec`: a process in a container that runs.
 *
 * @param plan - what it is made of: a later step's is an extension of this one's
 * @param connect - connects the caller's terminal with its own
 */
export function execCommand(
  plan: (options: ExecOptions) => Plan = execPlan,
  connect: Connect = attachTerminal,
): Subcommand {
  return {
    name: 'exec',
    description: 'run a command in a running container',
    positionals: [
      ['<name>', 'the container'],
      ['<command...>', 'what to run in it'],
    ],
    needsRoot: true,
    failure: 1,
    options: (command) =>
      execFlags(command)
        .option('--explain', 'print each call as it is made, its result, and what it does')
        .option('--plan', 'print what it would do, and do nothing')
        .option('--json', 'as JSON (of --plan alone)'),
    run(flags: Flags, [name = '', ...command]) {
      const options = execOptions(flags, name, command);
      if (options.tty && options.interactive && !isatty(0)) {
        throw new Error('the input device is not a TTY: leave out -t, and the command reads the pipe or file itself');
      }
      const made = planned(() => plan(options));
      if (made === undefined) return NOT_STARTED;
      return flags.plan ? print(made, flags) : exec(made, options, flags, connect);
    },
  };
}

/** @returns undefined if there can be none, for instance because there is no such user: then the reason has been printed */
function planned(plan: () => Plan): Plan | undefined {
  try {
    return plan();
  } catch (error) {
    say((error as Error).message);
    return undefined;
  }
}

function print(plan: Plan, { json }: Flags): number {
  put(json ? planJson(plan) : planText(plan));
  return 0;
}

async function exec(plan: Plan, options: ExecOptions, { explain = false }: Flags, connect: Connect): Promise<number> {
  const { interactive, detach, tty, container } = options;
  const running = runPlan(
    plan,
    { ...AS_RUN, explain },
    {
      streams: tty || detach ? [] : interactive ? [0, 1, 2] : [1, 2],
      attach: ({ taken: [master], pid }, gone) =>
        master === undefined ? undefined : connect(master, interactive, gone, pid),
      around: { guest: true },
      report(ended) {
        const { output, lines } = whyNoExec(ended, options);
        put(output);
        return lines;
      },
      status: (ended) => statusOf(ended, options),
    },
  );
  return running.catch((error: Error) => {
    throw isStill(container) ? error : new Error(hasEnded(container), { cause: error });
  });
}

/** The exit status of a command on a container that isn't running. */
const GONE = 1;

/** Did the process look for the container when that had ended already? */
function foundItGone({ failure }: Ended, container: Running): boolean {
  return failure?.code === 'ESRCH' && !isStill(container);
}

/** What is to join a container ends with it, wherever it is on its way. */
function hasEnded({ name }: Running): string {
  return `container ${name} is not running any more: it ended before the command began`;
}

/** The exit status of a command that was to join a container. */
export function statusOf(ended: Ended, { container, detach }: ExecOptions): number {
  return foundItGone(ended, container) ? GONE : execStatus(ended, detach);
}

/**
 * Why a command wasn't executed; nothing if it was.
 *
 * @returns docker's daemon writes runc's words where the command's output goes, and so do we; what more is known is for stderr
 */
export function whyNoExec(ended: Ended, options: ExecOptions): { output: string; lines: string[] } {
  const { failure } = ended;
  const { command, container, workdir, detach } = options;
  if (!failure) return { output: '', lines: [] };
  if (foundItGone(ended, container)) return { output: '', lines: [hasEnded(container)] };
  const tried = { command, rootfs: `/proc/${container.pid}/root` };
  const isDirectory = failure.call.name === 'openat2';
  const said = isDirectory ? noDirectory(failure, workdir) : whyNoCommand(failure, ended, tried).said;
  const words = `OCI runtime exec failed: exec failed: unable to start container process: ${said}: unknown\n`;
  const output = detach ? '' : words;
  if (!isDirectory) return { output, lines: [failureMessage(failure, ended, tried)] };
  return {
    output,
    lines: [`container ${container.name} has no directory ${JSON.stringify(workdir)} to begin in: ${failure.code}`],
  };
}

function noDirectory({ code }: SyscallError, workdir: string): string {
  const [, meaning = code] = [...getSystemErrorMap().values()].find(([name]) => name === code) ?? [];
  return `chdir to cwd (${JSON.stringify(workdir)}) set in config.json failed: ${meaning}`;
}
