import { Command, CommanderError } from 'commander';
import { put, say, typedPath } from 'step-10';
import { assertDefault } from '../command/context.ts';
import { refusal } from './refusal.ts';

interface Globals {
  readonly config?: string;
  readonly context?: string;
  readonly host?: string;
  readonly logLevel?: string;
  readonly version?: boolean;
  readonly tls?: boolean;
  readonly tlsverify?: boolean;
}

/** docker's own address on this machine, which is where every command works. */
const HERE = 'unix:///var/run/docker.sock';

const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'panic', 'trace'];

/** Adds docker's own flags, which come before a command. */
export function globalFlags(command: Command): Command {
  return command
    .option('--config <directory>', 'where the passwords of registries are (default: ~/.docker)')
    .option('-c, --context <name>', 'which daemon to ask; there is none, so it can only be default')
    .option('-D, --debug', 'changes nothing here: see --explain of "run"')
    .option('-H, --host <address>', 'the daemon’s address; there is no daemon')
    .option('-l, --log-level <level>', 'changes nothing here')
    .option('--tls', 'use TLS to the daemon; there is no daemon')
    .option('--tlscacert <file>', 'the same, and trust what this certificate signed; there is no daemon')
    .option('--tlscert <file>', 'the same, with this certificate; there is no daemon')
    .option('--tlskey <file>', 'the same, with its key; there is no daemon')
    .option('--tlsverify', 'the same, and verify its certificate; there is no daemon')
    .option('-v, --version', 'show which version this is');
}

/** A command line without docker's own flags. */
interface Left {
  /** `--root` and its value, if it was among them: the one that is ours. */
  readonly root: readonly string[];
  readonly words: readonly string[];
}

/**
 * Takes docker's own flags off a command line.
 *
 * @param name - how the command itself is typed
 * @returns what is left; or the exit status, if there is nothing more to do
 */
export async function withoutGlobals(words: readonly string[], name: string): Promise<Left | number> {
  if (!words[0]?.startsWith('-')) return { root: [], words };
  const command = globalFlags(new Command(name))
    .helpOption(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  command.option('--root <directory>').option('--help').argument('[command...]').passThroughOptions();
  try {
    command.parse(words, { from: 'user' });
    const { root, help, ...globals } = command.opts<Globals & { readonly root?: string; readonly help?: boolean }>();
    if (globals.version) return await sayVersion();
    obey(globals);
    return {
      root: root === undefined ? [] : ['--root', root],
      words: [...(help ? ['--help'] : []), ...command.args],
    };
  } catch (error) {
    const { message, status } =
      error instanceof CommanderError
        ? refusal(error, command, words)
        : { message: (error as Error).message, status: 1 };
    say(message);
    return status;
  }
}

async function sayVersion(): Promise<number> {
  const { ownVersion } = await import('../command/system/version.ts');
  put(`Boxstep version ${ownVersion()}\n`);
  return 0;
}

/** @throws {Error} that says which of them mean nothing here */
function obey({ config, context, host, logLevel, tls, tlsverify }: Globals): void {
  if (logLevel !== undefined && !LEVELS.includes(logLevel))
    throw new Error(`Unable to parse logging level: ${logLevel}`);
  if (host !== undefined && context !== undefined)
    throw new Error('conflicting options: cannot specify both --host and --context');
  if ((host !== undefined && host !== HERE) || tls || tlsverify) {
    const asked = `Cannot connect to the Docker daemon at ${host ?? HERE}. Is the docker daemon running?`;
    throw new Error(`${asked}\nthere is no daemon to connect to: each command does everything itself`);
  }
  if (context !== undefined) assertDefault(context);
  if (config !== undefined) process.env.DOCKER_CONFIG = typedPath(config);
}
