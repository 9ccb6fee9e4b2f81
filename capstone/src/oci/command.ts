import { Command, CommanderError } from 'commander';
import { carriesOut, put } from 'step-10';
import { COMMANDS } from './commands.ts';
import { failureText, type Log, tell } from './log.ts';
import { OCI_VERSION } from './version.ts';

/** Where the states of containers are, unless --root says otherwise. */
const ROOT = '/run/boxstep-oci';

/** Runs a command line of runc's. @returns the exit status */
export async function oci(argv: readonly string[]): Promise<number> {
  let status = 0;
  let failure = 1;
  let log: Log = { file: undefined, format: 'text' };
  const program = new Command('boxstep oci')
    .description('an OCI runtime, with the commands and flags of runc')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .option('--root <directory>', 'where the states of containers are kept', ROOT)
    .option('--log <file>', 'a file for errors (default: standard error)')
    .option('--log-format <format>', 'text or json', 'text')
    .option('--debug', 'taken as runc takes it; there is nothing more to tell')
    .option('--systemd-cgroup', 'refused: this runtime makes cgroups itself')
    .option('--rootless <mode>', 'ignored', 'auto')
    .option('--criu <path>', 'ignored: there are no checkpoints')
    .option('-v, --version', 'show the version')
    .helpCommand(false);
  program.action(() => {
    if (program.opts().version) put(`boxstep oci version 0.1.0\nspec: ${OCI_VERSION}\n`);
    else program.outputHelp();
  });
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { usage, description } = load;
    const command = program.command(`${name} ${usage}`.trim()).description(description);
    load.options?.(command);
    command.action(async () => {
      const { root, log: file, logFormat, systemdCgroup } = program.opts();
      log = { file, format: logFormat === 'json' ? 'json' : 'text' };
      if (systemdCgroup)
        throw new Error(
          '--systemd-cgroup can’t be had: this runtime makes cgroups itself; give podman --cgroup-manager cgroupfs',
        );
      failure = load.failure ?? 1;
      if (logFormat !== 'json' && logFormat !== 'text') throw new Error(`invalid log-format: ${logFormat}`);
      status = await load.run(command.args, command.opts(), { root, log });
      carriesOut(`oci ${name}`); // not before: one that failed hardly began
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help
    tell(log, 'error', failureText(error as Error));
    return failure;
  }
}
