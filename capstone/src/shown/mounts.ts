import { dataOf, type Mount, type Options } from 'step-10';

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
export function mountPoints({ mounts, asked, volumesDirectory }: Options): MountPoint[] {
  const byTmpfs = new Set(asked.tmpfs.map(({ target }) => target));
  return mounts
    .filter((mount) => mount.type !== 'tmpfs' || !byTmpfs.has(mount.target))
    .map((mount) => {
      const place = { Destination: mount.target, Mode: '', RW: !mount.readOnly };
      if (mount.type === 'bind')
        return { Type: mount.type, Source: mount.source, ...place, Propagation: mount.propagation };
      if (mount.type === 'tmpfs') return { Type: mount.type, Source: '', ...place, Propagation: '' };
      const { name } = mount;
      const Source = name === '' ? '' : dataOf(volumesDirectory, name);
      return { Type: mount.type, Name: name, Source, ...place, Driver: 'local', Propagation: '' };
    });
}
