import { type Running, runningContainer } from 'step-06';
import type { Mount } from '../mount.ts';
import { isMode, MODES } from '../volume-flag.ts';

/** Another container, and whether what it has may only be read here. */
export interface VolumesFrom {
  readonly name: string;
  readonly readOnly: boolean;
}

/** `--volumes-from NAME[:MODE]`. @throws {Error} in docker's words */
export function parseVolumesFrom(spec: string): VolumesFrom {
  const [name = '', mode = ''] = spec.split(/:(.*)/s);
  if (name === '') throw new Error(`malformed volumes-from specification: ${spec}`);
  const words: readonly string[] = mode.split(',');
  const isOthers = [...MODES.propagation, ...MODES.copy].some((word) => words.includes(word)); // not ours to say
  if (!isMode(mode) || isOthers) throw new Error(`invalid mode: ${mode}`);
  return { name, readOnly: words.includes('ro') };
}

/**
 * The binds and volumes that other containers have.
 *
 * @param find - the container with a name: one that runs unless given @throws {Error} if there is none
 */
export function fromOthers(
  all: readonly VolumesFrom[],
  find: (name: string) => Pick<Running, 'options'> = runningContainer,
): Mount[] {
  return all.flatMap(({ name, readOnly }) =>
    mountsOf(find(name)).map((mount) => ({ ...mount, readOnly: mount.readOnly || readOnly })),
  );
}

/** What a container has of the host's, as its journal tells: one of an earlier step has nothing. */
export function mountsOf({ options }: Pick<Running, 'options'>): Mount[] {
  const mounts = (options.mounts ?? []) as readonly Mount[];
  return mounts.filter(({ type }) => type !== 'tmpfs');
}
