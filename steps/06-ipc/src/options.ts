import { hostname } from 'node:os';
import type { Command } from 'commander';
import * as previous from 'step-05';
import { ramInBytes } from 'step-05';
import { type IpcMode, ipcMode, type PidMode, pidMode, type UtsMode, utsMode } from './modes.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  readonly ipc: IpcMode;
  /** Bytes: how much its /dev/shm may hold. */
  readonly shmSize: number;
  readonly pid: PidMode;
  readonly uts: UtsMode;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & { ipc?: IpcMode; shmSize?: number; pid?: PidMode; uts?: UtsMode };

/** Docker's: 64 MiB. */
const SHM_SIZE = 64 * 1024 * 1024;

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous
    .options(command)
    .optionsGroup('Step 06, ipc and joining:')
    .option(
      '--ipc <mode>',
      'its IPC namespace and shared memory: private (default), shareable, none, host, container:NAME',
      ipcMode,
    )
    .option('--shm-size <size>', 'the size of its /dev/shm (default: 64m)', (text) => ramInBytes(text, '--shm-size'))
    .option('--pid <mode>', 'the processes that it sees, if not just its own: host, container:NAME', pidMode)
    .option('--uts <mode>', 'the hostname that it has, if not its own: host', utsMode);
}

/** The options that the flags and arguments of a command line mean. @throws {Error} if flags contradict each other */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const { ipc = 'private', pid = '', uts = '' } = flags;
  const hosts = uts === 'host';
  if (hosts && (flags.hostname || flags.domainname))
    throw new Error("conflicting options: hostname and the UTS mode: it would be the host's that changes");
  return {
    ...previous.read(flags, positionals),
    ...(hosts && { hostname: hostname(), domainname: '' }),
    ipc,
    shmSize: flags.shmSize || SHM_SIZE, // 0 is the default, too
    pid,
    uts,
  };
}
