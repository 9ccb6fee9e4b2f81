import { isatty } from 'node:tty';
import { Command, CommanderError } from 'commander';
import { RUNTIME_FAILED } from './exit-status.ts';
import { assertRoot, commandLine } from './root.ts';
import { put, STDERR, say } from './say.ts';
import type { Step } from './step.ts';

/** The command of a step: what `pnpm --filter step-NN start` and `./boxstep N` run. Ends the process. */
export async function main(step: Step, argv: readonly string[] = process.argv.slice(2)): Promise<never> {
  process.exit(await commandStatus(step, argv));
}

/** Runs a command line. @returns the exit status. */
export async function commandStatus(step: Step, argv: readonly string[]): Promise<number> {
  const given = argv.length > 0 ? argv : [isatty(0) && isatty(1) ? 'run' : 'demo'];
  let status = 0;
  const { program, subcommands } = commands(step, given, (ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(given, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help
    const message = (error as Error).message.replace(/^error: /, '');
    say(message);
    if (error instanceof CommanderError) {
      const [name = ''] = given;
      say(`see: ${commandLine(step)}${subcommands.includes(name) ? ` ${name}` : ''} --help`);
    }
    return RUNTIME_FAILED;
  }
}

function commands(step: Step, argv: readonly string[], ended: (status: number) => void) {
  const program = new Command(commandLine(step))
    .description(`${step.name}, ${step.title}: a container is a list of syscalls.`)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => put(text), writeErr: (text) => put(text, STDERR), outputError: () => {} })
    .helpOption('--help', 'show this')
    .helpCommand(false);

  const container = (name: string, description: string) =>
    step.options(
      program
        .command(name)
        .description(description)
        .argument(...step.positionals)
        .helpOption('--help', 'show this')
        .passThroughOptions(),
    );

  container('run', 'run a command in a new container')
    .optionsGroup('This command:')
    .option('--explain', 'print each call as it is made, its result, and what it does')
    .option('--stop-timeout <seconds>', 'from SIGTERM to SIGKILL', seconds, 10)
    .action(async (positionals, flags) => {
      assertRoot(step, argv);
      const { run } = await import('./run.ts');
      ended(await run(step, step.read(flags, positionals), flags));
    });

  container('plan', 'print what "run" would do, and do nothing; root is not needed')
    .optionsGroup('This command:')
    .option('--json', 'as JSON')
    .action(async (positionals, flags) => {
      const { planText } = await import('./print-plan.ts');
      const plan = step.plan(step.read(flags, positionals));
      put(flags.json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan));
    });

  program
    .command('prune')
    .description('remove what runtimes left behind that were killed')
    .action(async () => {
      assertRoot(step, argv);
      const { pruneCommand } = await import('./prune.ts');
      ended(await pruneCommand());
    });

  program
    .command('demo')
    .description('a few commands that show what this step adds')
    .action(async () => {
      assertRoot(step, argv);
      const { demo } = await import('./demo.ts');
      ended(await demo(step));
    });
  return { program, subcommands: program.commands.map((command) => command.name()) };
}

function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new Error(`--stop-timeout takes a number of seconds, got ${JSON.stringify(text)}`);
}
