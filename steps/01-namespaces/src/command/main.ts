import { Command, CommanderError } from 'commander';
import { isatty } from 'shared-native';
import { useRoot } from '../engine/state.ts';
import { carriesOut } from './carried-out.ts';
import { whereItComes } from './docker-flags.ts';
import { lostStatus, RUNTIME_FAILED } from './exit-status.ts';
import { commandOf, groupOf } from './groups.ts';
import { beRoot, commandLine } from './root.ts';
import { planFor, runOptions } from './run-options.ts';
import { OutputGone, put, STDERR, say } from './say.ts';
import { type CommandUsage, Misuse, type Step, type Subcommand } from './step.ts';
import { typedPath } from './typed-path.ts';
import { assertUtf8Arguments, assertUtf8Variables } from './utf8.ts';
import { asCommanderTakesThem } from './words.ts';

/** The command of a step: what `pnpm --filter step-NN start` and `./boxstep N` run. Ends the process. */
export async function main(step: Step, argv: readonly string[] = process.argv.slice(2)): Promise<never> {
  process.exitCode = RUNTIME_FAILED; // it stays so if there is nothing left that could end it
  process.exit(await commandStatus(step, argv));
}

/** Runs a command line. @returns the exit status. */
export async function commandStatus(step: Step, argv: readonly string[]): Promise<number> {
  const first = argv[0] === '--root' ? 2 : argv[0]?.startsWith('--root=') ? 1 : 0; // where the command's name is
  const meant = () => (isatty(0) && isatty(1) ? (step.shell ?? ['run']) : ['demo']);
  const given = argv.length === first ? [...argv, ...meant()] : argv;
  let [status, began] = [0, false];
  const { program, chosen } = commands(step, given, given.slice(first), async (its) => {
    began = true;
    status = await its();
  });
  try {
    assertUtf8Arguments(given);
    assertUtf8Variables(['BOXSTEP_ROOT', 'BOXSTEP_CACHE', 'INIT_CWD']);
    await program.parseAsync([...given.slice(0, first), ...reworded(program, given.slice(first))], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help
    if (error instanceof OutputGone) return lostStatus(error);
    const isUsage = error instanceof CommanderError;
    if (step.usage && (isUsage || !began)) return refused(step.usage, error as Error, program, given.slice(first));
    const message = (error as Error).message.replace(/^error: /, '');
    say(message);
    if (!isUsage) return error instanceof Misuse ? error.status : (chosen?.failure ?? RUNTIME_FAILED);
    const { names } = commandOf(program, given.slice(first));
    say(`see: ${[commandLine(step), ...names].join(' ')} --help`);
    return RUNTIME_FAILED;
  }
}

/** Says why a command line can't be taken. @returns the exit status */
function refused(usage: CommandUsage, error: Error, program: Command, words: readonly string[]): number {
  const { message, status } = usage.refusal(error, commandOf(program, words).command, words);
  say(message);
  return status;
}

type Runs = (its: () => Promise<number>) => Promise<void>;

function commands(step: Step, argv: readonly string[], words: readonly string[], runs: Runs) {
  const program = new Command(commandLine(step))
    .description(`${step.name}, ${step.title}: a container is a list of syscalls.`)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => put(text), writeErr: (text) => put(text, STDERR), outputError: () => {} })
    .option(...ROOT)
    .helpOption('--help', 'show this')
    .helpCommand(false);
  if (step.usage) program.configureHelp({ formatHelp: step.usage.help });

  let typed: string[] = []; // the root, if it was named here: lines that are shown name it, too
  const all = subcommandsOf(step, () => typed);
  // To declare the flags of each takes as long as to run one: when it is named, the others are left out.
  const chosen = all.find(({ name }) => name === words[0] || name === words.slice(0, 2).join(' '));
  for (const { name, description, positionals, options, needsRoot, hidden = false, run } of chosen ? [chosen] : all) {
    const [last, group] = name.split(' ').reverse() as [string, string | undefined];
    const command = (group === undefined ? program : groupOf(program, group))
      .command(last, { hidden })
      .description(description)
      .option(...ROOT)
      .helpOption('--help', 'show this');
    for (const [positional, what] of positionals) command.argument(positional, what);
    options?.(command);
    step.usage?.declared(command);
    // Flags that come after the command are the command's.
    if (positionals.some(([positional]) => positional.includes('command...'))) command.passThroughOptions();
    command.action(() =>
      runs(async () => {
        carriesOut(name);
        const { root, ...flags } = { ...program.opts(), ...command.opts() };
        const inherited = process.env.BOXSTEP_ROOT ?? '';
        const directory = root ?? inherited;
        if (root !== undefined || inherited !== '') useRoot(directory && typedPath(directory));
        if (root !== undefined) typed = ['--root', root];
        const again = root === undefined && inherited ? ['--root', inherited, ...argv] : argv;
        if (needsRoot) await beRoot(step, again, flags.explain === true);
        return run(flags, command.args);
      }),
    );
  }
  return { program, chosen };
}

/** Its own commands, and those that every step has. @param typed - the flag that names the root, if it was given */
function subcommandsOf(step: Step, typed: () => readonly string[]): Subcommand[] {
  const isReplaced = ({ name }: Subcommand) => step.commands.some((one) => one.name === name);
  return [...everySteps(step, typed).filter((one) => !isReplaced(one)), ...step.commands];
}

function everySteps(step: Step, typed: () => readonly string[]): Subcommand[] {
  return [
    {
      name: 'run',
      description: 'run a command in a new container',
      positionals: step.positionals,
      needsRoot: true,
      options: (command) => runOptions(step, command),
      async run(flags, positionals) {
        const { run } = await import('./run.ts');
        return run(step, step.read(flags, positionals), flags);
      },
    },
    {
      name: 'plan',
      description: 'print what "run" would do, and do nothing; root is not needed',
      positionals: step.positionals,
      needsRoot: false,
      options: (command) => runOptions(step, command).option('--json', 'as JSON (of "plan" alone)'),
      async run(flags, positionals) {
        const { planJson, planText } = await import('./print-plan.ts');
        const plan = planFor(step, step.read(flags, positionals), flags);
        const first = step.becomesRoot?.();
        put(flags.json ? planJson(plan) : (first ? planText(first) : '') + planText(plan));
        return 0;
      },
    },
    {
      name: 'prune',
      description: 'remove what killed runtimes have left behind',
      positionals: [],
      needsRoot: true,
      run: async () => (await import('./prune.ts')).pruneCommand(step),
    },
    {
      name: 'demo',
      description: 'a few commands that show what this step adds',
      positionals: [],
      needsRoot: true,
      run: async () => (await import('./demo.ts')).demo(step, typed(), (line) => commandStatus(step, line)),
    },
  ];
}

/** The words of a command line with its flags as commander takes them. @throws {Error} that names a flag of docker's */
function reworded(program: Command, given: readonly string[]): readonly string[] {
  const { command, names, rest } = commandOf(program, given);
  if (command === program) return given;
  const isContainers = command.registeredArguments.some((one) => one.variadic && one.name() === 'command');
  return [
    ...names,
    ...asCommanderTakesThem(command, rest, !isContainers, (flag) => {
      const where = isContainers ? whereItComes(flag) : undefined;
      if (where !== undefined) throw new Error(where);
    }),
  ];
}

const ROOT = [
  '--root <directory>',
  'keep journals, cgroups and caches apart from those of other roots (default: $BOXSTEP_ROOT)',
] as const;
