import { fail } from '../errors.ts';
import { createInode } from '../files/changes.ts';
import { addInode, removeInode } from '../files/inode.ts';
import type { Cgroup, Hierarchy, Inode, State } from '../state.ts';
import { CONTROLLER_FILES, CORE_FILES } from './files.ts';

// Cgroups as directories: cgroups(7).

/** A cgroup without a directory yet. */
export function newCgroup(hierarchy: Hierarchy, parent: Cgroup | null, name: string): Cgroup {
  return {
    name,
    parent,
    hierarchy,
    children: new Map(),
    passedOn: new Set(),
    values: new Map(),
    processes: new Set(),
    directory: null,
    devices: parent?.devices ?? [],
    programs: [],
    removed: false,
  };
}

/** What the directory of a cgroup holds: the cgroups below it, and its files. */
export function lookUpCgroup(state: State, directory: Inode, name: string): Inode | undefined {
  const there = directory.entries.get(name);
  if (there?.type === 'directory') return there;
  const cgroup = cgroupOf(directory);
  const mode = fileMode(cgroup, name);
  if (cgroup.removed || mode === undefined) return undefined;
  const special = { kind: 'cgroup', cgroup, file: name } as const;
  const { uid, gid } = directory;
  return there ?? addInode(state, directory, name, { type: 'file', mode, uid, gid, special });
}

/** The cgroup that a directory stands for. */
export function cgroupOf({ special }: Inode): Cgroup {
  return special?.kind === 'cgroup' ? special.cgroup : fail('ENOENT');
}

/** The mode of a cgroup's file, or `undefined` if it has none of this name. */
function fileMode(cgroup: Cgroup, name: string): number | undefined {
  const { version } = cgroup.hierarchy;
  const isRoot = cgroup.parent === null;
  const core = CORE_FILES[version][name];
  if (core) return isRoot && core.notInRoot ? undefined : core.mode;
  const file = CONTROLLER_FILES[version][name];
  if (!file || (isRoot && !file.inRoot)) return undefined;
  return controllersOf(cgroup).has(file.controller) ? file.mode : undefined;
}

/** The controllers that a cgroup has: in v2 those that the one above it passes on. */
export function controllersOf({ parent, hierarchy }: Cgroup): ReadonlySet<string> {
  return parent && hierarchy.version === 2 ? parent.passedOn : new Set(hierarchy.controllers);
}

/** mkdir there makes a cgroup. */
export function makeCgroup(state: State, directory: Inode, name: string, mode: number): Inode {
  const parent = cgroupOf(directory);
  if (name.includes('\n')) fail('EINVAL');
  const cgroup = newCgroup(parent.hierarchy, parent, name);
  parent.children.set(name, cgroup);
  const special = { kind: 'cgroup', cgroup, file: '' } as const;
  cgroup.directory = createInode(state, directory, name, { type: 'directory', mode, special });
  return cgroup.directory;
}

/** rmdir removes it, with all its files. @throws EBUSY */
export function removeCgroup(directory: Inode): void {
  const cgroup = cgroupOf(directory);
  if (cgroup.processes.size > 0 || cgroup.children.size > 0) fail('EBUSY');
  cgroup.removed = true;
  cgroup.parent?.children.delete(cgroup.name);
  removeInode(directory);
}

/** A cgroup and all above it. */
export function ancestry(cgroup: Cgroup): Cgroup[] {
  return cgroup.parent ? [cgroup, ...ancestry(cgroup.parent)] : [cgroup];
}

/** All cgroups of a tree. */
export function cgroupsBelow(cgroup: Cgroup): Cgroup[] {
  return [cgroup, ...[...cgroup.children.values()].flatMap(cgroupsBelow)];
}

/** Where a process is in a hierarchy. */
export function cgroupOfProcess({ root }: Hierarchy, hostPid: number): Cgroup {
  return cgroupsBelow(root).find(({ processes }) => processes.has(hostPid)) ?? root;
}

/** `/` or `/boxstep/box`: the path of a cgroup in its hierarchy. */
export function cgroupPath(cgroup: Cgroup): string {
  return `/${ancestry(cgroup)
    .reverse()
    .slice(1)
    .map(({ name }) => name)
    .join('/')}`;
}
