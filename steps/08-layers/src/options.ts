import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import * as previous from 'step-07';
import { defaultRootfsPath, typedPath, volume } from 'step-07';
import { containerPath } from './container.ts';
import { withConfig } from './image-flags.ts';
import { lookFrom } from './root.ts';
import { findImage } from './store/find.ts';
import type { Image } from './store/image.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** What its root is made of; undefined for a directory, which is `rootfs`. */
  readonly image: Image | undefined;
  /** Where it has its own files. */
  readonly directory: string;
  /** Are they to stay when it has ended? */
  readonly keep: boolean;
  /** Does it have them already, from an earlier start? */
  readonly again?: boolean;
  /** Where its lower directories are to be found, if not at their own places. */
  readonly lowers?: readonly string[];
  /** Is its root mounted in a user namespace? */
  readonly userXattrs?: boolean;
  /** What was typed for, to be read again when an archive's config is known. */
  readonly typed: Typed;
}

/** A command line as it was typed. */
export interface Typed {
  readonly flags: Flags;
  readonly args: readonly string[];
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & { keep?: boolean };

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous
    .options(command)
    .optionsGroup('Step 08, layers:')
    .option('--keep', 'keep its files when it has ended, for diff, commit and rm; needs --name');
}

/** The options that the flags and arguments of a command line mean: an image, or a root, comes first, then the command. */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const [name, ...args] = positionals;
  if (flags.keep && !flags.name) throw new Error('--keep needs --name: by that name you find the container again');
  const image = name === undefined || isPath(name) ? undefined : findImage(name);
  if (image) return ofImage(image, { flags, args });
  if (name !== undefined && !isPath(name)) assertThere(name);
  return { ...own(previous.read(flags, positionals), { flags, args }), image: undefined };
}

/** The options of a container of an image. @throws {Error} if there is nothing to run */
export function ofImage(image: Image, typed: Typed): Options {
  const { entrypoint, ...flags } = typed.flags;
  const { command, user, workdir, ...its } = withConfig(image.config.config ?? {}, typed.flags, typed.args);
  const volumes = its.volumes.map((place) => volume(place));
  const all = { ...flags, user, workdir, volume: [...(flags.volume ?? []), ...volumes] };
  const options = previous.read(all, [defaultRootfsPath(), ...command]);
  const env = [...its.env, ...options.env];
  const exposed = [...new Set([...options.exposed, ...its.exposed])];
  return { ...own({ ...options, rootfs: lookFrom(image), env, exposed }, typed), image };
}

function own(options: previous.Options, typed: Typed) {
  return { ...options, typed, directory: containerPath(options.name), keep: typed.flags.keep ?? false };
}

/** @throws {Error} for a name that is no image's, where there is no directory or archive of that name either */
function assertThere(name: string): void {
  if (existsSync(typedPath(name))) return;
  throw new Error(
    `the store has no image ${name}, and here is no directory or archive of that name: "image ls" lists the images, "image load" and "image import" bring one`,
  );
}

/** Is this a path, and so no name of an image? */
function isPath(name: string): boolean {
  return /^\.{0,2}(\/|$)/.test(name);
}
