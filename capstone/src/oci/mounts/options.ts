import {
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_NOSYMFOLLOW,
  MS_PRIVATE,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
} from 'shared-native';
import { isAboutAtime, MOUNT_WORDS, type MountWord } from 'step-10';

/** Attributes of a mount that are to be set, and to be cleared. */
export interface Attributes {
  readonly set: number;
  readonly clear: number;
}

/** What the options of a mount say. */
export interface MountOptions {
  readonly bind: boolean;
  /** With the mounts below. */
  readonly recursive: boolean;
  readonly remount: boolean;
  /** Of the mount alone. */
  readonly own: Attributes;
  /** Of the mount and all below it: rro, rnosuid … */
  readonly all: Attributes;
  /** MS_SHARED …, and whether the mounts below are meant as well; in the order given. */
  readonly propagation: readonly { readonly type: number; readonly recursive: boolean }[];
  /** Is what the place holds to be copied into a filesystem in memory? */
  readonly copyUp: boolean;
  /** Are its users those of a map? `ridmap` means the mounts below as well. */
  readonly idmap: '' | 'idmap' | 'ridmap';
  /** The rest is the filesystem's: `size=64k`, `ro`. */
  readonly data: readonly string[];
}

type Change = readonly [set: number, clear: number];

/** What an option does to a mount; with an `r` before it, to those below as well. */
const ATTRIBUTES: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(
    Object.entries(MOUNT_WORDS)
      .filter(([, word]) => word.attribute !== 0 || isAboutAtime(word))
      .map(([name, word]) => [name, changeOf(word)] as const),
  ),
  ...{ nosymfollow: [MOUNT_ATTR_NOSYMFOLLOW, 0], symfollow: [0, MOUNT_ATTR_NOSYMFOLLOW] },
};

function changeOf(word: MountWord): Change {
  const { attribute, sets } = word;
  if (isAboutAtime(word)) return [sets ? attribute : 0, MOUNT_ATTR__ATIME];
  return sets ? [attribute, 0] : [0, attribute];
}

const PROPAGATION: Readonly<Record<string, number>> = {
  private: MS_PRIVATE,
  shared: MS_SHARED,
  slave: MS_SLAVE,
  unbindable: MS_UNBINDABLE,
};

/** What is as it is without them. */
const NOTHING = ['', 'defaults', 'async', 'nomand', 'noiversion', 'nolazytime', 'loud', 'silent', 'notmpcopyup'];

/** Every option that is no filesystem's: what `features` lists. */
export const MOUNT_OPTIONS: readonly string[] = [
  ...Object.keys(ATTRIBUTES).flatMap((name) => [name, `r${name}`]),
  ...Object.keys(PROPAGATION).flatMap((name) => [name, `r${name}`]),
  ...NOTHING.filter(Boolean),
  ...['bind', 'rbind', 'remount', 'tmpcopyup', 'idmap', 'ridmap', 'sync', 'dirsync', 'lazytime', 'mand'],
].toSorted();

/** What the options of a mount mean. Of two that contradict each other, the last counts. */
export function mountOptions(options: readonly string[]): MountOptions {
  const words = new Set(options);
  const rest = options.filter((one) => !MOUNT_OPTIONS.includes(one) || IN_FILESYSTEM.includes(one));
  return {
    bind: words.has('bind') || words.has('rbind'),
    recursive: words.has('rbind'),
    remount: words.has('remount'),
    own: changes(options.map((one) => ATTRIBUTES[one])),
    all: changes(options.map((one) => (one.startsWith('r') ? ATTRIBUTES[one.slice(1)] : undefined))),
    propagation: options.flatMap((one) => {
      const type = PROPAGATION[one] ?? PROPAGATION[one.slice(1)];
      return type === undefined ? [] : [{ type, recursive: !Object.hasOwn(PROPAGATION, one) }];
    }),
    copyUp: words.has('tmpcopyup'),
    idmap: words.has('ridmap') ? 'ridmap' : words.has('idmap') ? 'idmap' : '',
    data: rest.filter((one) => one !== ''),
  };
}

/** Those that a filesystem is told as well. */
const IN_FILESYSTEM = ['sync', 'dirsync', 'lazytime', 'mand'];

function changes(all: readonly (Change | undefined)[]): Attributes {
  let [set, clear] = [0, 0];
  for (const [sets, clears] of all.filter((one) => one !== undefined)) {
    set = (set & ~clears) | sets;
    clear = (clear & ~(sets & ~MOUNT_ATTR__ATIME)) | clears;
  }
  return { set, clear };
}
