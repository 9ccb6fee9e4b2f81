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
  MS_SHARED,
  mountSetattr,
} from 'shared-native';
import type { TmpfsMount } from './mount.ts';
import { isAboutAtime, mountWord } from './mount-words.ts';
import type { Tree } from './tree.ts';
import { MODES } from './volume-flag.ts';

const PROPAGATION: readonly string[] = MODES.propagation;

/** What an option is about. If two are about the same thing, the last one counts. */
function aboutOf(word: string): string | undefined {
  if (PROPAGATION.includes(word)) return 'propagation';
  const meaning = mountWord(word);
  return meaning && (isAboutAtime(meaning) ? 'atime' : String(meaning.flag));
}

function attributeOf(word: string): number {
  const meaning = mountWord(word);
  return meaning?.sets ? meaning.attribute : 0;
}

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
    const about = isValue ? name : aboutOf(option);
    if (about === undefined) throw new Error(`invalid tmpfs option ${JSON.stringify(option)}`);
    merged.set(about, option);
  }
  return merged;
}

// #region a filesystem in memory
/** Makes a filesystem in memory, attached nowhere yet. @param mode - the mode of the directory that it will cover, if there is one */
export function memory({ options, readOnly }: TmpfsMount, mode?: number): Tree {
  const covered = mode === undefined ? [] : [`mode=${mode.toString(8)}`];
  const merged = [...mergeTmpfs([...USUAL, ...covered, ...(readOnly ? ['ro'] : []), ...options]).values()];
  const attributes = merged.reduce((all, word) => all | attributeOf(word), 0);
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
