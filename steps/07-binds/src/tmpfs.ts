import {
  AT_EMPTY_PATH,
  type Call,
  close,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  fsconfigCreate,
  fsconfigSetFlag,
  fsconfigSetString,
  fsmount,
  fsopen,
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NODIRATIME,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_STRICTATIME,
  MS_SHARED,
  mountSetattr,
} from 'shared-native';
import type { TmpfsMount } from './mount.ts';
import type { Tree } from './tree.ts';

/** What an option is about. If two are about the same thing, the last one counts. */
const WORDS: Readonly<Record<string, readonly [about: string, attribute: number]>> = {
  ...{ rw: ['ro', 0], ro: ['ro', MOUNT_ATTR_RDONLY] },
  ...{ suid: ['nosuid', 0], nosuid: ['nosuid', MOUNT_ATTR_NOSUID] },
  ...{ dev: ['nodev', 0], nodev: ['nodev', MOUNT_ATTR_NODEV] },
  ...{ exec: ['noexec', 0], noexec: ['noexec', MOUNT_ATTR_NOEXEC] },
  ...{ diratime: ['nodiratime', 0], nodiratime: ['nodiratime', MOUNT_ATTR_NODIRATIME] },
  ...{ atime: ['atime', 0], noatime: ['atime', MOUNT_ATTR_NOATIME], strictatime: ['atime', MOUNT_ATTR_STRICTATIME] },
  ...{ relatime: ['atime', 0], norelatime: ['atime', 0], nostrictatime: ['atime', 0] },
  ...{ sync: ['sync', 0], async: ['sync', 0], dirsync: ['dirsync', 0], mand: ['mand', 0], nomand: ['mand', 0] },
  ...{
    private: ['propagation', 0],
    rprivate: ['propagation', 0],
    slave: ['propagation', 0],
    rslave: ['propagation', 0],
  },
  ...{ shared: ['propagation', 0], rshared: ['propagation', 0] },
};

/** The options of tmpfs itself: tmpfs(5). */
const VALUES = ['size', 'mode', 'uid', 'gid', 'nr_inodes', 'nr_blocks', 'mpol'];

/** As with docker, files there can't be programs, set-user-ID or not, or devices, unless you ask for that. */
const USUAL = ['noexec', 'nosuid', 'nodev'];

/**
 * The options, without those that later ones override.
 *
 * @throws {Error} for an unknown one: `invalid tmpfs option`
 */
export function mergeTmpfs(options: readonly string[]): Map<string, string> {
  const merged = new Map<string, string>();
  for (const option of options.filter((one) => one !== 'defaults')) {
    const [name = ''] = option.split('=', 1);
    const isValue = option.includes('=') && VALUES.includes(name);
    if (!isValue && !Object.hasOwn(WORDS, option)) throw new Error(`invalid tmpfs option ${JSON.stringify(option)}`);
    merged.set(isValue ? name : (WORDS[option]?.[0] ?? option), option);
  }
  return merged;
}

// #region a filesystem in memory
/** Makes a filesystem in memory, attached nowhere yet. @param mode - the mode of the directory that it will cover, if there is one */
export function memory({ options, readOnly }: TmpfsMount, mode?: number): Tree {
  const covered = mode === undefined ? [] : [`mode=${mode.toString(8)}`];
  const merged = [...mergeTmpfs([...USUAL, ...covered, ...(readOnly ? ['ro'] : []), ...options]).values()];
  const attributes = merged.reduce((all, word) => all | (WORDS[word]?.[1] ?? 0), 0);
  const context = fsopen('tmpfs', FSOPEN_CLOEXEC);
  const tree = fsmount(context, FSMOUNT_CLOEXEC, attributes);
  const calls = [
    context,
    fsconfigSetString(context, 'source', 'tmpfs'),
    ...merged.flatMap((option) => setting(context, option)),
    fsconfigCreate(context),
    tree,
    close(context),
    ...(merged.some((word) => /^r?shared$/.test(word))
      ? [mountSetattr(tree, '', AT_EMPTY_PATH, { propagation: MS_SHARED })]
      : []),
  ];
  return { tree, calls };
}
// #endregion

function setting(context: Call, option: string): Call[] {
  const [name = '', value] = option.split(/=(.*)/s);
  if (value !== undefined) return [fsconfigSetString(context, name, value)];
  return ['sync', 'dirsync'].includes(name) ? [fsconfigSetFlag(context, name)] : [];
}
