import { mkdir, tolerate } from 'shared-native';
import { type Action, type Deed, directoriesTo, newDeed, shellLine } from 'step-06';
import type { VolumeMount } from './mount.ts';
import { keep, leave, type Used } from './volumes/keep.ts';
import { dataOf } from './volumes/store.ts';

// #region a volume that outlives containers
/**
 * A volume for a container. It is made unless it exists, filled with the root's files at its place if it is empty, and
 * can't be removed until the container has ended. One without a name is removed with the last container that uses it.
 */
export function useVolume(volume: VolumeMount, from: Used['from'], directory: string, by: string): Action {
  const { name, anonymous, labels, options } = volume;
  const what = anonymous
    ? 'a directory for data that lasts as long as the container'
    : 'a directory for data that outlives the container';
  return {
    what,
    when: 'before',
    do: [
      keepVolume({
        directory,
        name,
        anonymous,
        labels,
        by,
        ...(options && { options }),
        ...(volume.copy && from && { from }),
      }),
    ],
    undo: [leaveVolume({ directory, name, anonymous, by })],
  };
}

const keepVolume: (used: Used) => Deed = newDeed('volume', {
  asShell({ directory, name, from }) {
    const data = dataOf(directory, name);
    const copy = from ? ` && ${shellLine(['cp', '-a', `${from.rootfs}${from.path}/.`, data])}` : '';
    return `${shellLine(['mkdir', '-p', data])}${copy}`;
  },
  carryOut: keep,
  calls: ({ directory, name }) =>
    directoriesTo(dataOf(directory, name)).map((path) => tolerate(mkdir(path, 0o755), 'EEXIST')),
});

const leaveVolume: (used: Pick<Used, 'directory' | 'name' | 'anonymous' | 'by'>) => Deed = newDeed('leave-volume', {
  asShell: ({ directory, name, anonymous }) =>
    anonymous ? shellLine(['rm', '-r', `${directory}/${name}`]) : `: let go of the volume ${name}`,
  carryOut: leave,
});
// #endregion
