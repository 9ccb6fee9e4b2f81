import type { Command, Option } from 'commander';
import { Misuse } from 'step-10';

/** Flags that docker takes as they are and judges later, so that it doesn't call their values arguments. */
const JUDGED_LATER = new Set([
  ...['cap-add', 'cap-drop', 'cgroupns', 'cpuset-cpus', 'cpuset-mems', 'device', 'expose', 'health-cmd', 'ipc', 'name'],
  ...['log-driver', 'log-opt', 'mac-address', 'oom-score-adj', 'pid', 'platform', 'publish', 'pull', 'restart'],
  ...['security-opt', 'stop-signal', 'tmpfs', 'userns', 'uts', 'volume', 'volumes-from', 'workdir'],
]);

/** Lets each flag of a command name itself and its value when that means nothing, as docker's do. */
export function nameValues(command: Command): void {
  for (const option of command.options) {
    const parse = option.parseArg;
    if (!parse || JUDGED_LATER.has(option.name())) continue;
    option.argParser((value: string, before: unknown) => {
      try {
        return parse(value, before as never);
      } catch (error) {
        if (error instanceof Misuse) throw error; // docker leaves this to its daemon, which doesn't know of the flag
        throw new Error(
          `invalid argument ${JSON.stringify(value)} for "${names(option)}" flag: ${(error as Error).message}`,
        );
      }
    });
  }
}

function names({ short, long }: Option): string {
  return [short, long].filter(Boolean).join(', ');
}
