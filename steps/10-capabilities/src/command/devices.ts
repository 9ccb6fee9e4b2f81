import type { Command } from 'commander';
import { disassemble } from 'shared-native';
import { put, type Subcommand } from 'step-09';
import { rulesFor } from '../devices/devices.ts';
import { type DeviceFlags, deviceFlags, deviceOptions } from '../devices/flags.ts';
import { deviceProgram } from '../devices/program.ts';
import { type DeviceRule, merged, ruleText } from '../devices/rules.ts';

/** `devices`: the program that cgroup v2 would ask about a container's devices, rule by rule. */
export const devicesCommand: Subcommand = {
  name: 'devices',
  description: 'print the program that decides in cgroup v2 which devices a container may use; root is not needed',
  positionals: [],
  needsRoot: false,
  failure: 1,
  options: (command: Command) => deviceFlags(command).option('--privileged', 'of a container that may use all of them'),
  run({ privileged = false, ...flags }: DeviceFlags & { readonly privileged?: boolean }) {
    put(listing(merged(rulesFor({ ...deviceOptions(flags, privileged), privileged }))));
    return 0;
  },
};

/** What every program ends in, where no rule has fitted: it refuses. */
const END = 2;

/** The instructions with their numbers, each rule's below the rule. */
export function listing(rules: readonly DeviceRule[]): string {
  const program = disassemble(deviceProgram(rules));
  const begins = (nth: number) => deviceProgram(rules.slice(0, nth)).length - END;
  const titles = new Map(rules.map((rule, nth) => [begins(nth), ruleText(rule)]));
  const title = (at: number) => (at === program.length - END ? 'no rule fits' : titles.get(at));
  return program
    .map((text, at) => `${title(at) === undefined ? '' : `; ${title(at)}\n`}${String(at).padStart(3)}: ${text}\n`)
    .join('');
}
