import { existsSync } from 'node:fs';
import { type Action, mkdirp } from 'step-06';
import type { Mount } from './mount.ts';
import type { Options } from './options.ts';
import { recordMounts } from './others/record.ts';
import { useVolume } from './volumes.ts';

/** What the host does: makes sources that are missing, keeps volumes, and writes down what the container has. */
export function hostActions(options: Options): Action[] {
  const { mounts, name } = options;
  const told = mounts.filter(({ type }) => type !== 'tmpfs');
  const each = mounts.flatMap((mount) => actionFor(mount, options));
  return told.length > 0 ? [...each, recordMounts(name, told)] : each;
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
