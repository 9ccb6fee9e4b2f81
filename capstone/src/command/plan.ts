import { planFor, planJson, planText, put, type RunFlags, runOptions, type Subcommand, step } from 'step-10';

type Flags = RunFlags & Parameters<typeof step.read>[0] & { readonly json?: boolean; readonly shim?: boolean };

/** `plan`: step 10's, and with `--shim` what stays with a container. */
export const planCommand: Subcommand = {
  name: 'plan',
  description: 'print what "run" would do, and do nothing; root is not needed',
  positionals: step.positionals,
  needsRoot: false,
  options: (command) =>
    runOptions(step, command)
      .option('--json', 'as JSON (of "plan" alone)')
      .option('--shim', 'print what the shim does that stays with a container'),
  async run(flags: Flags, positionals) {
    if (flags.shim) {
      const { shimText } = await import('../shim/text.ts');
      put(shimText({ maxSize: 20_000_000, maxFile: 5, bufferBytes: 4096 }));
      return 0;
    }
    const plan = planFor(step, step.read(flags, positionals), flags);
    put(flags.json ? planJson(plan) : planText(plan));
    return 0;
  },
};
