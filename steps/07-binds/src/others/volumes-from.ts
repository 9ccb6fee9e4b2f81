import { findHierarchies, running } from 'step-06';
import type { Mount } from '../mount.ts';
import { isMode, MODES } from '../volume-flag.ts';
import { mountsOf } from './record.ts';

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
  const isOwn = [...MODES.propagation, ...MODES.copy].some((word) => words.includes(word)); // the other's, and not ours to say
  if (!isMode(mode) || isOwn) throw new Error(`invalid mode: ${mode}`);
  return { name, readOnly: words.includes('ro') };
}

/** The mounts that running containers have. @throws {Error} if there is no such container */
export function fromOthers(all: readonly VolumesFrom[]): Mount[] {
  if (all.length === 0) return [];
  const there = running(findHierarchies());
  return all.flatMap(({ name, readOnly }) => {
    if (!there.includes(name)) throw new Error(`No such container: ${name}`);
    return mountsOf(name).map((mount) => ({ ...mount, readOnly: mount.readOnly || readOnly }));
  });
}
