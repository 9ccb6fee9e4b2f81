import { fail, ModelError } from '../errors.ts';
import { isWhiteout } from '../files/changes.ts';
import { addInode, isBelow, makeInode } from '../files/inode.ts';
import { isReadOnly } from '../files/permission.ts';
import { ownersThrough } from '../mounts/idmap.ts';
import type { Filesystem, Inode, Mount, OverlayDirectories, Place, State } from '../state.ts';

/** As many as there can be: OVL_MAX_STACK in the kernel. */
const MOST_LOWERS = 500;

/** Options of overlay that name a directory. @throws EINVAL, and what the look-up answers */
export function takeDirectory(directories: OverlayDirectories, key: string, find: () => Place): boolean {
  if (!['lowerdir', 'lowerdir+', 'upperdir', 'workdir'].includes(key)) return false;
  const place = find();
  if (place.inode.type !== 'directory') fail('EINVAL');
  if (key.startsWith('lowerdir')) {
    if (directories.lowers.length === MOST_LOWERS) fail('EINVAL');
    directories.lowers.push(place);
    return true;
  }
  if (isReadOnly(place.mount) || place.inode.layered) fail('EINVAL');
  if (key === 'upperdir') directories.upper = place;
  else directories.work = place;
  return true;
}

/**
 * An overlay of directories: of files of one name, the topmost is seen. The model puts the tree together when it is
 * made, and changes both that and the upper directory afterwards. What comes of a change to a lower directory below a
 * mounted overlay is undefined in the kernel's documentation, too.
 *
 * @throws EINVAL without lower directories, or with an upper one and no work directory beside it; ELOOP if one lies in another
 * @see {@link https://docs.kernel.org/filesystems/overlayfs.html | Overlay Filesystem}
 */
export function makeOverlay(state: State, { lowers, upper, work }: OverlayDirectories): Filesystem {
  if (lowers.length === 0 || (upper && !work)) fail('EINVAL');
  if (!upper && lowers.length === 1) fail('EINVAL');
  const below = lowers.map(({ inode }) => inode);
  if (upper && work) {
    assertBeside(upper.inode, work.inode, upper.mount === work.mount);
    addInode(state, work.inode, 'work', { type: 'directory', mode: 0 }); // also where it then fails
  }
  assertApart(below, upper && work ? [upper.inode, work.inode] : []);
  const filesystem = emptyOverlay(state, upper === null);
  const top = upper ?? (lowers[0] as Place);
  const { uid, gid } = ownersThrough(top.mount.idmap, top.inode);
  const { mode } = top.inode;
  const layered = { upper: upper?.inode ?? null, lowers: below };
  filesystem.root = makeInode(state, filesystem, '', { type: 'directory', mode, uid, gid, layered });
  const idmaps = new Map([...lowers, ...(upper ? [upper] : [])].map(({ inode, mount }) => [inode, mount.idmap]));
  merge(state, filesystem.root, idmaps);
  return filesystem;
}

/** The kernel renames from one to the other, which takes one mount, and neither may hold the other. */
function assertBeside(upper: Inode, work: Inode, oneMount: boolean): void {
  if (!oneMount || isBelow(upper, work) || isBelow(work, upper)) fail('EINVAL');
}

/** No lower directory may be another, or lie in one. One that contains the upper can be mounted, but parts of it can't be looked at. */
function assertApart(lowers: readonly Inode[], used: readonly Inode[]): void {
  const others = (nth: number) => [...used, ...lowers.filter((_, at) => at !== nth)];
  if (lowers.some((lower, nth) => others(nth).some((other) => isBelow(lower, other)))) fail('ELOOP');
  if (used.some((one) => lowers.some((lower) => isBelow(one, lower))))
    throw new ModelError("an overlay whose upper directory lies in a lower one isn't modelled");
}

function emptyOverlay(state: State, readOnly: boolean): Filesystem & { root: Inode } {
  return {
    ...{ type: 'overlay', device: `0:${state.nextDevice++}`, options: '', readOnly },
    owner: state.process.namespaces.user,
    root: undefined as unknown as Inode,
  };
}

/** Puts together what a directory shows. @param idmaps - of the mounts through which its directories are read */
function merge(state: State, directory: Inode, idmaps: ReadonlyMap<Inode, Mount['idmap']>): void {
  const { upper = null, lowers = [] } = directory.layered ?? {};
  const all = upper ? [upper, ...lowers] : lowers;
  for (const name of new Set(all.flatMap((one) => [...one.entries.keys()]))) {
    const stack = seen(all.map((one) => one.entries.get(name)));
    const [top, ...others] = stack;
    if (!top) continue;
    const isUpper = upper?.entries.get(name) === top;
    const layered = { upper: isUpper ? top : null, lowers: isUpper ? others : stack };
    const { type, mode, text, rdev, special, fileCapabilities } = top;
    const through = (one: Inode) => idmaps.get(one.parent as Inode) ?? null;
    const { uid, gid } = ownersThrough(through(top), top);
    const more = { ...(special && { special }), ...(fileCapabilities && { fileCapabilities }) };
    const made = addInode(state, directory, name, { type, mode, uid, gid, text, rdev, ...more, layered });
    if (type === 'directory') merge(state, made, new Map(stack.map((one) => [one, through(one)])));
  }
}

/** What is seen of files of one name, the topmost first: one file, or all directories down to one that hides the rest. */
function seen(files: readonly (Inode | undefined)[]): Inode[] {
  const stack: Inode[] = [];
  for (const one of files) {
    if (!one) continue;
    if (isWhiteout(one) || (stack.length > 0 && one.type !== 'directory')) break;
    stack.push(one);
    if (one.type !== 'directory' || one.opaque) break;
  }
  return stack;
}
