import {
  type Call,
  chdir,
  FSMOUNT_CLOEXEC,
  FSOPEN_CLOEXEC,
  fsconfigCreate,
  fsconfigSetFlag,
  fsconfigSetString,
  fsmount,
  fsopen,
} from 'shared-native';

/** The directories that make up an overlay. */
export interface Directories {
  /** The directories that are only read, the topmost first. */
  readonly lowers: readonly string[];
  /** Where everything is written to. Without one, nothing can be written. */
  readonly upper?: string;
  /** An empty directory on the upper one's filesystem, where the kernel prepares what it then renames to its place. */
  readonly work?: string;
  /** Does nobody need what is written, once this is unmounted? Then the kernel doesn't wait for the disk. */
  readonly volatile?: boolean;
  /** Is it mounted in a user namespace? What the kernel notes in attributes is named `user.` then: only the host's root may write `trusted.` ones. */
  readonly userXattrs?: boolean;
}

/** The most bytes of a value that fsconfig takes, without the NUL. */
export const LONGEST = 255;

// #region an overlay
/**
 * Makes an overlay of directories, attached nowhere. All changes go to the upper directory: a lower file is copied up before
 * it is changed, and covered by a whiteout when it is deleted. Each directory is a separate option, so there can be 500 of
 * them; mount(2) has 4096 bytes for all its options.
 *
 * @returns calls of which the last opens the mount
 * @see {@link https://docs.kernel.org/filesystems/overlayfs.html | Overlay Filesystem}
 */
export function overlay(directories: Directories): Call[] {
  const [context, ...others] = stacked(directories) as [Call, ...Call[]];
  return [context, ...settings(context, directories), ...others];
}

/** The directories alone. The first call opens the context (fsopen), to which the others give options. */
function stacked({ lowers, upper, work }: Directories): Call[] {
  // #region task 1: an overlay
  const context = fsopen('overlay', FSOPEN_CLOEXEC);
  return [
    context,
    ...lowers.flatMap((lower) => option(context, 'lowerdir+', lower)),
    ...(upper === undefined ? [] : option(context, 'upperdir', upper)),
    ...(work === undefined ? [] : option(context, 'workdir', work)),
    fsconfigCreate(context),
    fsmount(context, FSMOUNT_CLOEXEC),
  ];
  // #endregion
}
// #endregion

/** A renamed directory is to be a copy, and no note about where it was: commit and diff read the upper directory alone. */
export function flagsOf({ volatile = false, userXattrs = false }: Directories): [key: string, value?: string][] {
  return [
    ['redirect_dir', userXattrs ? 'nofollow' : 'off'], // not even one that is there already
    ...(userXattrs ? [['userxattr'] as [string]] : []),
    ...(volatile ? [['volatile'] as [string]] : []),
  ];
}

function settings(context: Call, directories: Directories): Call[] {
  return flagsOf(directories).map(([key, value]) =>
    value === undefined ? fsconfigSetFlag(context, key) : fsconfigSetString(context, key, value),
  );
}

/** A path that is too long for fsconfig is given as the working directory. */
function option(context: Call, key: string, path: string): Call[] {
  if (Buffer.byteLength(path) <= LONGEST) return [fsconfigSetString(context, key, path)];
  return [chdir(path), fsconfigSetString(context, key, '.')];
}
