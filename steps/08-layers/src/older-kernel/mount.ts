import { AT_FDCWD, type Call, chdir, close, dup3, mount, O_CLOEXEC, O_DIRECTORY, O_PATH, openat } from 'shared-native';
import { type Directories, flagsOf } from '../overlay.ts';
import { isLinuxSince } from './since.ts';

/** The number of the first directory's descriptor in a program: Node has fewer open, and 500 more still stay below 1024. */
const FIRST = 512;

/** The directory in which a descriptor's number is a file name. */
export const DESCRIPTORS = '/proc/self/fd';

/**
 * Does fsconfig(2) take an overlay's lower directories one by one?
 *
 * @see {@link https://docs.kernel.org/filesystems/overlayfs.html#multiple-lower-layers | "since kernel version v6.8"}
 */
export function takesOneByOne(): boolean {
  return isLinuxSince(6, 8);
}

/**
 * An overlay for older kernels. mount(2) takes all directories in one text, which is a page at most. So each is opened, and
 * named by its descriptor's number: 500 of these take half a page.
 *
 * @returns calls, of which the last mounts it; they change the working directory
 */
export function mountedAt(directories: Directories, target: string): Call[] {
  const paths = pathsOf(directories);
  const opened = paths.flatMap((path, nth) => {
    const directory = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return [directory, dup3(directory, FIRST + nth, O_CLOEXEC), close(directory)];
  });
  const names = paths.map((_, nth) => FIRST + nth);
  return [...opened, chdir(DESCRIPTORS), mount('overlay', target, 'overlay', 0, dataOf(directories, names))];
}

/** Its directories, the lower ones first. */
export function pathsOf({ lowers, upper, work }: Directories): string[] {
  return [...lowers, upper, work].filter((path) => path !== undefined);
}

/** The options for mount(2). @param names - the directories' names, in the order of `pathsOf` */
export function dataOf(directories: Directories, names: readonly number[]): string {
  const { lowers, upper, work } = directories;
  const [ofUpper, ofWork] = names.slice(lowers.length);
  const options = [
    ['lowerdir', names.slice(0, lowers.length).join(':')],
    ...(upper === undefined ? [] : [['upperdir', ofUpper]]),
    ...(work === undefined ? [] : [['workdir', ofWork]]),
    ...flagsOf(directories),
  ];
  return options.map((option) => option.join('=')).join(',');
}
