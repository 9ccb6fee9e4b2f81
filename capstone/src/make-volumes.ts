import { createVolume, type Options, removeVolume } from 'step-10';

/**
 * Makes a container's volumes, those without a name, too, unless they are there, and then does what needs them. If either
 * fails, none of the new ones is left.
 */
export function withVolumes<T>(
  { mounts, volumesDirectory }: Pick<Options, 'mounts' | 'volumesDirectory'>,
  doing: () => T,
): T {
  const made: string[] = [];
  try {
    for (const mount of mounts)
      if (mount.type === 'volume' && createVolume(volumesDirectory, mount)) made.push(mount.name);
    return doing();
  } catch (error) {
    for (const name of made) removeVolume(volumesDirectory, name);
    throw error;
  }
}
