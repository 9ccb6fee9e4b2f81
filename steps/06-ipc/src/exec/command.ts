import { isatty } from 'shared-native';
import {
  type Attachment,
  attachTerminal,
  type Ended,
  isStill,
  type Plan,
  planJson,
  planText,
  put,
  type RunFlags,
  runPlan,
  type Subcommand,
  say,
} from 'step-05';
import { hasEnded, statusOf, whyNoExec } from './not-begun.ts';
import { type ExecFlags, type ExecOptions, execFlags, execOptions } from './options.ts';
import { execPlan } from './plan.ts';
import { NOT_STARTED } from './status.ts';

/** What exec takes besides what the process is to be like. */
type Flags = ExecFlags & { readonly explain?: boolean; readonly plan?: boolean; readonly json?: boolean };

/** Connects the caller's terminal with that of a process, whose number on the host is `pid`. */
type Connect = (master: number, typed: boolean, gone: (error: Error) => void, pid: number) => Attachment;

/** Who is told of a command in a container: before it begins, and when it has ended, unless it runs on by itself. */
export interface ExecListener {
  begins(options: ExecOptions): void;
  ended(ended: Ended, options: ExecOptions): void;
}

const NOBODY: ExecListener = { begins() {}, ended() {} };

/** As for `run`: a second SIGTERM kills, and so do ten seconds. */
const AS_RUN: RunFlags = { stopTimeout: 10, sigProxy: true };

/**
 * `exec`: a process in a container that runs.
 *
 * @param plan - what it is made of: a later step's is an extension of this one's
 * @param connect - connects the caller's terminal with its own
 * @param listener - is told of it
 */
export function execCommand(
  plan: (options: ExecOptions) => Plan = execPlan,
  connect: Connect = attachTerminal,
  listener: ExecListener = NOBODY,
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
      return flags.plan ? print(made, flags) : exec(made, options, flags, connect, listener);
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

async function exec(
  plan: Plan,
  options: ExecOptions,
  { explain = false }: Flags,
  connect: Connect,
  listener: ExecListener,
): Promise<number> {
  const { interactive, detach, tty, container } = options;
  listener.begins(options);
  const running = runPlan(
    plan,
    { ...AS_RUN, explain },
    {
      streams: tty || detach ? [] : interactive ? [0, 1, 2] : [1, 2],
      attach: ({ taken: [master], pid }, gone) =>
        master === undefined ? undefined : connect(master, interactive, gone, pid),
      around: { guest: true },
      report(ended) {
        listener.ended(ended, options); // here, since the status is another one where nobody reads its output any more
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
