import type { Command, Option } from 'commander';
import { Misuse } from 'step-10';
import { faultOf } from './faults.ts';

/** Flags that docker takes as they are and judges later, so that it doesn't call their values arguments. */
const JUDGED_LATER = new Set([
  ...['cap-add', 'cap-drop', 'cgroupns', 'cpuset-cpus', 'cpuset-mems', 'device', 'health-cmd', 'ipc', 'name'],
  ...['log-driver', 'log-opt', 'mac-address', 'pid', 'platform', 'pull', 'restart'],
  ...['security-opt', 'stop-signal', 'tmpfs', 'userns', 'uts', 'volume', 'volumes-from', 'workdir'],
]);

/** Those of them that docker's daemon judges: what it refuses ends `create` with 1. */
const BY_DAEMON = new Set(['cap-add', 'cap-drop', 'log-driver', 'name', 'stop-signal', 'tmpfs', 'volume', 'workdir']);

/** What docker's client says of --restart is about its form. */
function isByDaemon(flag: string, message: string): boolean {
  return BY_DAEMON.has(flag) || (flag === 'restart' && !message.startsWith('invalid restart policy format'));
}

/**
 * Lets each flag of a command name itself and its value when that means nothing, as docker's do. The first line is docker's;
 * what else is known of the fault follows.
 */
export function nameValues(command: Command): void {
  for (const option of command.options) {
    const parse = option.parseArg;
    if (!parse) continue;
    option.argParser((value: string, before: unknown) => {
      try {
        return parse(value, before as never);
      } catch (error) {
        const isCreate = command.name() === 'create';
        if (error instanceof Misuse) throw isCreate ? new Misuse(error.message, 1) : error; // docker's daemon finds it
        const { message } = error as Error;
        const fault = faultOf(option.name(), names(option), value, message);
        if (fault === undefined) {
          if (!JUDGED_LATER.has(option.name())) throw new Error(badValue(option, value, message));
          throw isCreate && isByDaemon(option.name(), message) ? new Misuse(message, 1) : error;
        }
        throw new Error(fault.endsWith(message) ? fault : `${fault}\n${message}`);
      }
    });
  }
}

/** A value that isn't `true` or `false`, of a flag that needs none: docker's words. */
export function badSwitch(command: Command, flag: string, value: string): string {
  const option = command.options.find(({ long }) => long === flag);
  const why = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
  return option ? badValue(option, value, why) : why;
}

function badValue(option: Option, value: string, why: string): string {
  return `invalid argument ${JSON.stringify(value)} for "${names(option)}" flag: ${why}`;
}

function names({ short, long }: Option): string {
  return [short, long].filter(Boolean).join(', ');
}
