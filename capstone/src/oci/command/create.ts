import type { Command } from 'commander';
import { type Bundle, readBundle } from '../config/bundle.ts';
import { type Create, create } from '../create.ts';
import { tell } from '../log.ts';
import type { Global, OciCommand } from '../oci-command.ts';
import { attend } from '../running/attend.ts';
import { startContainer } from '../running/begin.ts';
import { remove } from '../running/remove.ts';
import { container } from '../state/container.ts';

interface Flags {
  readonly bundle: string;
  readonly pidFile?: string;
  readonly consoleSocket?: string;
  readonly pivot: boolean;
  readonly newKeyring: boolean;
  readonly preserveFds: string;
  readonly detach?: boolean;
  readonly keep?: boolean;
}

function flags(command: Command): Command {
  return command
    .option('-b, --bundle <directory>', 'the bundle', '.')
    .option('--console-socket <path>', 'a socket that gets the other end of the terminal')
    .option('--pid-file <file>', 'a file for the number of its first process')
    .option('--no-pivot', 'move the root in place of pivot_root')
    .option('--no-new-keyring', 'leave it the session keyring of the caller')
    .option('--preserve-fds <number>', 'how many more descriptors it gets', '0')
    .option('--no-subreaper', 'taken as runc takes it: this runtime is never one');
}

export const createCommand: OciCommand = {
  usage: '<id>',
  description: 'make a container, which waits for `start`',
  options: flags,
  async run([id = ''], given: Flags, global) {
    const bundle = bundleOf(given, global);
    assertTerminalTaken(bundle, given);
    await create(bundle, createOptions(id, given, global));
    return 0;
  },
};

export const runCommand: OciCommand = {
  usage: '<id>',
  description: 'make a container, and start it',
  options: (command) =>
    flags(command)
      .option('-d, --detach', 'end as soon as it runs')
      .option('--keep', 'leave its state when it has ended'),
  async run([id = ''], given: Flags, global) {
    const bundle = bundleOf(given, global);
    if (given.detach) assertTerminalTaken(bundle, given);
    const { process, master } = await create(bundle, createOptions(id, given, global));
    const attended = given.detach ? undefined : attend(process, master);
    const one = container(global.root, id);
    try {
      await startContainer(one);
    } catch (error) {
      await remove(one);
      throw error;
    }
    if (!attended) return 0;
    const status = await attended;
    if (!given.keep) await remove(container(global.root, id));
    return status;
  },
};

/** @throws {Error} if it is to have a terminal, and nobody is there to take the other end */
function assertTerminalTaken({ config }: Bundle, { consoleSocket }: Flags): void {
  if (config.process?.terminal && !consoleSocket)
    throw new Error('cannot allocate tty if runc will detach without setting console socket');
}

function bundleOf({ bundle: directory }: Flags, { log }: Global) {
  const bundle = readBundle(directory);
  if (!bundle.config.process) throw new Error('process property must not be empty');
  for (const warning of bundle.warnings) tell(log, 'warning', warning);
  return bundle;
}

function createOptions(id: string, given: Flags, { root }: Global): Create {
  const preserveFds = Number(given.preserveFds);
  if (!Number.isInteger(preserveFds) || preserveFds < 0)
    throw new Error(`--preserve-fds is to be a number, and is ${given.preserveFds}`);
  return {
    ...{ root, id, pidFile: given.pidFile, consoleSocket: given.consoleSocket },
    ...{ noPivot: !given.pivot, noNewKeyring: !given.newKeyring, preserveFds: preserveFds + listenFds() },
  };
}

/** Sockets that systemd has passed to this process: sd_listen_fds(3). */
function listenFds(): number {
  const { LISTEN_FDS = '', LISTEN_PID = '' } = process.env;
  return LISTEN_PID === String(process.pid) ? Number.parseInt(LISTEN_FDS, 10) || 0 : 0;
}
