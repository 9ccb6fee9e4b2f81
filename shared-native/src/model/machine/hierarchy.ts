import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RELATIME } from '../../kernel/constants.ts';
import { newCgroup } from '../cgroups/cgroups.ts';
import { addInode, makeInode } from '../files/inode.ts';
import { newFilesystem } from '../filesystems/superblock.ts';
import { hang, makeMount, topOf } from '../mounts/mounts.ts';
import type { Cgroup, Filesystem, Hierarchy, Inode, Place, State } from '../state.ts';
import type { MountedHierarchy } from './options.ts';

/** Adds a hierarchy to a machine, and mounts it. The directories above its mount come of themselves. */
export function addHierarchy(state: State, { version, mount, controllers, name }: MountedHierarchy): void {
  const hierarchy = { version, controllers, ...(name && { name }) } as Hierarchy & { root: Cgroup };
  hierarchy.root = newCgroup(hierarchy, null, '');
  const type = version === 2 ? 'cgroup2' : 'cgroup';
  const options = version === 2 ? '' : [...controllers, ...(name ? [`name=${name}`] : [])].join(',');
  const owner = state.firstUserNamespace;
  const filesystem = newFilesystem(state, type, {}, { hierarchy, options, owner }) as Filesystem & { root: Inode };
  const special = { kind: 'cgroup', cgroup: hierarchy.root, file: '' } as const;
  filesystem.root = makeInode(state, filesystem, '', { type: 'directory', special });
  hierarchy.root.directory = filesystem.root;
  (state.hierarchies as Hierarchy[]).push(hierarchy);
  (state.process.namespaces.cgroup.roots as Inode[]).push(filesystem.root);
  state.filesystems.set(`${type} ${options}`, filesystem);
  for (const hostPid of [state.process.hostPid, state.process.ppid, ...state.others.map((one) => one.hostPid)])
    hierarchy.root.processes.add(hostPid);
  const flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME;
  const mounted = makeMount(state, filesystem, type, flags);
  mounted.namespace = state.process.namespaces.mnt;
  hang(mounted, placeFor(state, mount));
}

/** The place that a path leads to, with directories made where there are none: in sysfs, too, which has them for this. */
function placeFor(state: State, path: string): Place {
  let place: Place = state.process.root;
  for (const name of path.split('/').filter(Boolean)) {
    const inode =
      place.inode.entries.get(name) ?? addInode(state, place.inode, name, { type: 'directory', mode: 0o755 });
    place = topOf(state, { mount: place.mount, inode });
  }
  return place;
}
