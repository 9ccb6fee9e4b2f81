import { planJson, planText, put, type Subcommand } from 'step-10';
import { orMisuse } from './or-misuse.ts';
import { runCommand } from './run.ts';
import { type CreateFlags, wantedBy } from './run-flags.ts';

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
      put(await shimAsAsked(flags, positionals));
      return 0;
    }
    const { plannedAsAsked } = await import('./create/create.ts');
    const plan = await plannedAsAsked(flags, positionals);
    put(flags.json ? planJson(plan) : planText(plan));
    return 0;
  },
};

/** The shim of the container that a command line asks for. Without one, a shim whose log is rotated: that has all parts. */
async function shimAsAsked(flags: Flags, positionals: readonly string[]): Promise<string> {
  const { logOptions } = await import('../log/options.ts');
  const { shimText } = await import('../shim/text.ts');
  const [image, ...command] = positionals;
  if (image === undefined) return shimText(logOptions({ driver: 'local', options: {} }));
  return orMisuse(() => shimText(logOptions(wantedBy(flags, positionals).logging), { title: flags.name, command }));
}
