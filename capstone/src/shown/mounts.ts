import { dataOf, type Flags, type Mount, type TmpfsMount } from 'step-10';
import type { ToldOptions } from '../containers/record.ts';

/** A mount as docker's API has it. What `--tmpfs` mounts is none there. */
export interface MountPoint {
  readonly Type: Mount['type'];
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Driver?: 'local';
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

/** The mounts of a container. */
export function mountPoints({ mounts, asked, volumesDirectory, typed }: ToldOptions): MountPoint[] {
  const byVolume = new Set((typed.flags as Flags).volume?.map(({ target }) => target)); // --mount has no mode
  const byTmpfs = new Set(asked.tmpfs.map(({ target }) => target));
  return mounts
    .filter((mount) => mount.type !== 'tmpfs' || !byTmpfs.has(mount.target))
    .map((mount) => {
      const { target: Destination, type: Type } = mount;
      const Mode = mount.readOnly && byVolume.has(Destination) ? 'ro' : '';
      const rest = { Mode, RW: !mount.readOnly, Propagation: mount.type === 'bind' ? mount.propagation : '' };
      if (mount.type !== 'volume')
        return { Type, Source: mount.type === 'bind' ? mount.source : '', Destination, ...rest };
      const { name: Name } = mount;
      return { Type, Name, Source: Name && dataOf(volumesDirectory, Name), Destination, Driver: 'local', ...rest };
    });
}

/** A mount as `-v` would ask for it: `/src:/dst:ro`. */
export function bindText(mount: Mount): string {
  const source = mount.type === 'bind' ? mount.source : mount.type === 'volume' ? mount.name : '';
  return `${source}:${mount.target}${mount.readOnly ? ':ro' : ''}`;
}

/** What `--tmpfs` asked for, by place. */
export function tmpfsOf(mounts: readonly Mount[]): Record<string, string> {
  const all = mounts.filter((mount): mount is TmpfsMount => mount.type === 'tmpfs');
  return Object.fromEntries(all.map(({ target, options }) => [target, options.join()]));
}
