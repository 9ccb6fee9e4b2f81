import { makeMount } from '../mounts/mounts.ts';
import type { Filesystem, Inode, Mount, Namespace, Place, Special, State } from '../state.ts';
import { makeInode } from './inode.ts';

// Filesystems that are mounted nowhere: files that have no path, as pipes and namespaces are.

/** A file without a name in the file tree, as the place that a descriptor of it has. */
export function nameless(state: State, type: 'nsfs' | 'pipefs' | 'sockfs' | 'anon_inodefs', special: Special): Place {
  const mount = internalMount(state, type);
  const kind = { pipefs: 'fifo', sockfs: 'socket' } as const;
  const { fsuid, fsgid } = state.process;
  const what = {
    type: type in kind ? kind[type as keyof typeof kind] : ('file' as const),
    mode: type === 'sockfs' ? 0o777 : 0o600,
  };
  return { mount, inode: makeInode(state, mount.filesystem, '', { ...what, uid: fsuid, gid: fsgid, special }) };
}

/** The file that stands for a namespace: always the same one, which can be opened, and mounted elsewhere. */
export function namespacePlace(state: State, namespace: Namespace): Place {
  const mount = internalMount(state, 'nsfs');
  const name = `${namespace.type}:[${namespace.id}]`;
  const special = { kind: 'namespace', type: namespace.type, namespace } as const;
  const inode =
    mount.root.entries.get(name) ?? makeInode(state, mount.filesystem, name, { type: 'file', mode: 0o444, special });
  mount.root.entries.set(name, inode);
  return { mount, inode };
}

function internalMount(state: State, type: string): Mount {
  const known = state.internalMounts.get(type);
  if (known) return known;
  const filesystem: Filesystem & { root: Inode } = {
    type,
    device: `0:${state.nextDevice++}`,
    options: '',
    readOnly: false,
    owner: state.firstUserNamespace,
    root: undefined as unknown as Inode,
  };
  filesystem.root = makeInode(state, filesystem, '', { type: 'directory' });
  const mount = makeMount(state, filesystem, type, 0);
  state.internalMounts.set(type, mount);
  return mount;
}
