import { existsSync, readlinkSync } from 'node:fs';
import type { Command } from 'commander';
import { isatty } from 'shared-native';
import * as previous from 'step-01';
import { rootfsPath } from './rootfs-path.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** The archive that its root is unpacked from, if it is one. */
  readonly archive: string | undefined;
  /** May nothing be written to its root? */
  readonly readOnly: boolean;
  /** The terminal that standard input is, to be its console, such as /dev/pts/0; undefined if it is none. */
  readonly terminal: string | undefined;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & { readOnly?: boolean };

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous
    .options(command)
    .optionsGroup('Step 02, rootfs:')
    .option('--read-only', "let nothing be written to the container's root");
}

/** The options that the flags and arguments of a command line mean: the root comes first, then the command. */
export function read(flags: Flags, [rootfs, ...command]: readonly string[]): Options {
  return {
    ...previous.read(flags, command),
    ...(rootfs === undefined ? { archive: undefined } : rootfsPath(rootfs)),
    readOnly: flags.readOnly ?? false,
    terminal: isatty(0) ? terminalPath() : undefined,
  };
}

/** Where the terminal of standard input is; undefined if that is another mount namespace's, which can't be bound here. */
function terminalPath(): string | undefined {
  const path = readlinkSync('/proc/self/fd/0');
  return existsSync(path) ? path : undefined;
}
