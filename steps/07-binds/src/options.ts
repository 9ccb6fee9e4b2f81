import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import * as previous from 'step-06';
import { each } from 'step-06';
import { hostPath } from './flags/host-path.ts';
import { parseMount } from './flags/mount-flag.ts';
import { withSource } from './flags/source.ts';
import { mountOf } from './flags/spec.ts';
import { parseTmpfs } from './flags/tmpfs-flag.ts';
import { parseVolumesFrom, type VolumesFrom } from './flags/volumes-from.ts';
import type { Mount, TmpfsMount } from './mount.ts';
import { type Asked, oneForEachPlace } from './mounts.ts';
import { parseVolume } from './volume-flag.ts';
import { randomName, volumeName, volumesDirectory } from './volumes/store.ts';

/** What a container is to be like. */
export interface Options extends previous.Options {
  /** One for each place, in the order in which they are attached. */
  readonly mounts: readonly Mount[];
  /** What they come from; what other containers have is known when this one is prepared. */
  readonly asked: Asked;
  readonly volumesFrom: readonly VolumesFrom[];
  /** Where volumes are. */
  readonly volumesDirectory: string;
  /** Was a mode `z` or `Z` given? */
  readonly relabel: boolean;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags & {
  volume?: Volume[];
  mount?: Mount[];
  tmpfs?: TmpfsMount[];
  volumesFrom?: VolumesFrom[];
};

/** What `-v` says, and whether it asks for SELinux labels. */
type Volume = Mount & { readonly relabel: boolean };

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  return previous
    .options(command)
    .optionsGroup('Step 07, binds:')
    .option(
      '-v, --volume <[source:]target[:mode]>',
      'mount a path on the host, or a volume, at a path inside',
      eachOnce(volume),
    )
    .option(
      '--mount <key=value,...>',
      'the same and more: type=bind, volume or tmpfs',
      each((text) => known(mountOf(parseMount(text)))),
    )
    .option('--tmpfs <target[:options]>', 'a filesystem in memory', each(parseTmpfs))
    .option(
      '--volumes-from <container[:mode]>',
      'mount everything that another container has mounted',
      each(parseVolumesFrom),
    );
}

/** The options that the flags and arguments of a command line mean. @throws {Error} for two mounts at one place */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const { volume = [], mount = [], tmpfs = [], volumesFrom = [] } = flags;
  const isAnonymous = (one: Mount) => one.type === 'volume' && one.anonymous;
  const asked: Asked = {
    fromOthers: [],
    named: [...volume.filter((one) => !isAnonymous(one)), ...mount],
    tmpfs,
    anonymous: volume.filter(isAnonymous),
  };
  return {
    ...previous.read(flags, positionals),
    mounts: oneForEachPlace(asked),
    asked,
    volumesFrom,
    volumesDirectory: volumesDirectory(),
    relabel: volume.some(({ relabel }) => relabel),
  };
}

/** Collects what the values of a flag say; docker's client takes one that is said again for the same. */
function eachOnce<T>(parse: (text: string) => T) {
  return (text: string, before: readonly T[] = []) => {
    const said = parse(text);
    return before.some((one) => isDeepStrictEqual(one, said)) ? before : [...before, said];
  };
}

/** What a value of `-v` says. @throws {Error} that quotes it */
export function volume(text: string): Volume {
  const spec = parseVolume(withHostPath(text));
  const relabel = /^(.*,)?[zZ](,.*)?$/.test(text.split(':')[2] ?? '');
  try {
    const made = spec.type === 'bind' ? { ...spec, bind: { ...spec.bind, createSource: true } } : spec;
    return { ...known(mountOf(made)), relabel };
  } catch (error) {
    throw new Error(`invalid volume specification: '${text}': ${(error as Error).message}`);
  }
}

/** `./data:/data`: a path, as seen from where the command was typed. */
function withHostPath(text: string): string {
  const [source = '', ...rest] = text.split(':');
  return rest.length === 0 ? text : [hostPath(source), ...rest].join(':');
}

/** With a source that is there, or a name. @throws {Error} for a source that isn't, or a name that can't be one */
function known(mount: Mount): Mount {
  if (mount.type === 'bind') return withSource(mount);
  if (mount.type === 'tmpfs') return mount;
  return { ...mount, name: mount.anonymous ? randomName() : volumeName(mount.name) };
}
