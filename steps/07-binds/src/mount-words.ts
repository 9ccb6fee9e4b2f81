import {
  MOUNT_ATTR_NOATIME,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NODIRATIME,
  MOUNT_ATTR_NOEXEC,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTR_STRICTATIME,
  MS_DIRSYNC,
  MS_MANDLOCK,
  MS_NOATIME,
  MS_NODEV,
  MS_NODIRATIME,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_RELATIME,
  MS_STRICTATIME,
  MS_SYNCHRONOUS,
} from 'shared-native';

/** A word that mount(8) knows on any filesystem: what it sets or clears. */
export interface MountWord {
  /** Of mount(2). */
  readonly flag: number;
  /** Of mount_setattr(2); 0 where the filesystem itself is told, or where the kernel does so anyway. */
  readonly attribute: number;
  readonly sets: boolean;
}

function pair(on: string, off: string, flag: number, attribute = 0): Record<string, MountWord> {
  return { [on]: { flag, attribute, sets: true }, [off]: { flag, attribute, sets: false } };
}

/** Each with the one that takes it back: mount(8), filesystem-independent mount options. */
export const MOUNT_WORDS: Readonly<Record<string, MountWord>> = {
  ...pair('ro', 'rw', MS_RDONLY, MOUNT_ATTR_RDONLY),
  ...pair('nosuid', 'suid', MS_NOSUID, MOUNT_ATTR_NOSUID),
  ...pair('nodev', 'dev', MS_NODEV, MOUNT_ATTR_NODEV),
  ...pair('noexec', 'exec', MS_NOEXEC, MOUNT_ATTR_NOEXEC),
  ...pair('nodiratime', 'diratime', MS_NODIRATIME, MOUNT_ATTR_NODIRATIME),
  ...pair('noatime', 'atime', MS_NOATIME, MOUNT_ATTR_NOATIME),
  ...pair('strictatime', 'nostrictatime', MS_STRICTATIME, MOUNT_ATTR_STRICTATIME),
  ...pair('relatime', 'norelatime', MS_RELATIME),
  ...pair('sync', 'async', MS_SYNCHRONOUS),
  ...pair('mand', 'nomand', MS_MANDLOCK),
  dirsync: { flag: MS_DIRSYNC, attribute: 0, sets: true },
};

/** What a word means; undefined if it is the filesystem's own, or a mistake. */
export function mountWord(word: string): MountWord | undefined {
  return Object.hasOwn(MOUNT_WORDS, word) ? MOUNT_WORDS[word] : undefined;
}

/** Is a word about the times at which files are read? Of those, one excludes the others. */
export function isAboutAtime({ flag }: MountWord): boolean {
  return (flag & (MS_NOATIME | MS_STRICTATIME | MS_RELATIME)) !== 0;
}
