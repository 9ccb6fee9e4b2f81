import {
  MS_NOATIME,
  MS_NODEV,
  MS_NODIRATIME,
  MS_NOEXEC,
  MS_NOSUID,
  MS_NOSYMFOLLOW,
  MS_RDONLY,
  MS_RELATIME,
} from '../../kernel/constants.ts';
import type { Inode, Mount, Place, State } from '../state.ts';

/** What /proc/self/mountinfo shows: the mounts that can be reached from the process's root, oldest first. */
export function mountinfo(state: State): string {
  return visibleMounts(state)
    .map((mount) => `${line(state, mount)}\n`)
    .join('');
}

/** The mounts of the process's mount namespace that are at or below its root. */
export function visibleMounts(state: State): Mount[] {
  const { mnt } = state.process.namespaces;
  const ours = [...state.mounts].filter(({ namespace }) => namespace === mnt);
  return ours.filter((mount) => pathOf(state, { mount, inode: mount.root }) !== undefined).sort((a, b) => a.id - b.id);
}

/** The path of a place as the process sees it; `undefined` if its root isn't above it. */
export function pathOf({ process: { root } }: State, { mount, inode }: Place): string | undefined {
  const names: string[] = [];
  let [at, below]: [Inode, Mount] = [inode, mount];
  while (at !== root.inode || below !== root.mount) {
    if (at !== below.root) {
      names.unshift(at.name);
      if (!at.parent) return undefined;
      at = at.parent;
    } else {
      if (!below.at || !below.parent) return undefined;
      [at, below] = [below.at, below.parent];
    }
  }
  return `/${names.join('/')}`;
}

function line(state: State, mount: Mount): string {
  const { id, parent, filesystem, root, source, group, master, unbindable } = mount;
  const tags = [group ? `shared:${group}` : '', master ? `master:${master}` : '', unbindable ? 'unbindable' : ''];
  const path = pathOf(state, { mount, inode: root }) as string;
  const options = [filesystem.readOnly ? 'ro' : 'rw', filesystem.options].filter(Boolean).join(',');
  return [
    id,
    parent?.id ?? id,
    filesystem.device,
    escaped(within(filesystem.root, root)),
    escaped(path),
    flagNames(mount),
    ...tags.filter(Boolean),
    '-',
    filesystem.type,
    escaped(source),
    options,
  ].join(' ');
}

/** The path of a file in its filesystem. */
export function within(top: Inode, inode: Inode): string {
  const names: string[] = [];
  for (let at: Inode | null = inode; at && at !== top; at = at.parent) names.unshift(at.name);
  return `/${names.join('/')}`;
}

const NAMES: readonly (readonly [number, string])[] = [
  [MS_NOSUID, 'nosuid'],
  [MS_NODEV, 'nodev'],
  [MS_NOEXEC, 'noexec'],
  [MS_NOATIME, 'noatime'],
  [MS_NODIRATIME, 'nodiratime'],
  [MS_RELATIME, 'relatime'],
  [MS_NOSYMFOLLOW, 'nosymfollow'],
];

/** `rw,nosuid,relatime`: the flags of a mount as mountinfo has them. */
export function flagNames({ flags, idmap }: Pick<Mount, 'flags' | 'idmap'>): string {
  const names = NAMES.filter(([flag]) => flags & flag).map(([, name]) => name);
  return [flags & MS_RDONLY ? 'ro' : 'rw', ...names, ...(idmap ? ['idmapped'] : [])].join(',');
}

function escaped(text: string): string {
  return text.replace(/[\\ \t\n]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
