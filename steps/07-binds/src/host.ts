import { existsSync } from 'node:fs';
import { type Action, mkdirp } from 'step-06';
import type { Mount } from './mount.ts';
import type { Options } from './options.ts';
import { useVolume } from './volumes.ts';

/** What the host does: it makes sources that are missing, and keeps volumes. */
export function hostActions(options: Options): Action[] {
  return options.mounts.flatMap((mount) => actionFor(mount, options));
}

function actionFor(mount: Mount, { rootfs, name, volumesDirectory }: Options): Action[] {
  if (mount.type === 'volume') {
    return [useVolume(mount, { rootfs, path: mount.target }, volumesDirectory, name)];
  }
  if (mount.type !== 'bind' || !mount.makeSource || existsSync(mount.source)) return [];
  return [
    {
      what: 'a directory where the source is missing, as docker makes it',
      when: 'before',
      do: [mkdirp(mount.source)],
      undo: [],
    },
  ];
}
