import { planJson, planText, put, type Subcommand } from 'step-10';
import { runCommand } from './run.ts';
import type { CreateFlags } from './run-flags.ts';

type Flags = CreateFlags & { readonly json?: boolean; readonly shim?: boolean };

/** `plan`: what `run` would do with the same line, and with `--shim` what stays with a container. */
export const planCommand: Subcommand = {
  name: 'plan',
  description: 'print what "run" would do, or a pasted "docker run …", and do nothing; root is not needed',
  positionals: runCommand.positionals.map(([name, what]) => [name.replace(/^<image>$/, '[image]'), what]),
  needsRoot: false,
  options: (command) =>
    (runCommand.options?.(command) ?? command)
      .option('--json', 'as JSON (of "plan" alone)')
      .option('--shim', 'print what the shim does that stays with a container'),
  async run(flags: Flags, positionals) {
    if (flags.shim) {
      const { shimText } = await import('../shim/text.ts');
      put(shimText({ maxSize: 20_000_000, maxFile: 5, bufferBytes: 4096 }));
      return 0;
    }
    const { plannedAsAsked } = await import('./create/create.ts');
    const plan = await plannedAsAsked(flags, positionals);
    put(flags.json ? planJson(plan) : planText(plan));
    return 0;
  },
};
