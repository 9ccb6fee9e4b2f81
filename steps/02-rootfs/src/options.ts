import type { Command } from 'commander';
import * as previous from 'step-01';
import { rootfsPath } from './rootfs-path.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** The archive that its root is unpacked from, if it is one. */
  readonly archive: string | undefined;
  /** May nothing be written to its root? */
  readonly readOnly: boolean;
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
  };
}
