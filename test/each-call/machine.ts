import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { getPriority, hostname } from 'node:os';
import { basename, join, relative } from 'node:path';
import {
  CLONE_NEWNS,
  MNT_DETACH,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  MS_REMOUNT,
  MS_SHARED,
  mount,
  perform,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  umount2,
  unshare,
} from 'shared-native';
import {
  executable,
  type Found,
  leadsTo,
  type Machine,
  machine,
  mountinfo,
  plant,
  type State,
  type Tree,
} from 'shared-native/model';
import { findHierarchies } from 'step-01';
import { likeThisMachine } from '../../shared-native/test/calibration/modelled.ts';

/** The disk that files of ours are on: where it is mounted, and how mountinfo names it. */
export interface Disk {
  readonly at: string;
  readonly type: string;
  readonly source: string;
  /** What of it is mounted there. */
  readonly root: string;
}

/**
 * Gives this process a mount namespace in which everything is mounted as the model's machines have it, and shared, as
 * systemd makes it. For all other processes nothing changes.
 *
 * @param paths - what there must still be
 * @returns the root's disk, and others on which these lie
 */
export function mountAsModelled(paths: readonly string[]): Disk[] {
  const modelled = mountsIn(mountinfo(machine(likeThis())));
  perform(unshare(CLONE_NEWNS));
  perform(mount(null, '/', null, MS_REC | MS_PRIVATE));
  const now = mountsIn(readFileSync('/proc/self/mountinfo', 'utf8'));
  const isAbove = ({ at }: Disk) => at === '/' || paths.some((path) => path.startsWith(`${at}/`));
  const disks = [...new Map(now.filter(isAbove).map((one) => [one.at, one])).values()];
  for (const one of now.toReversed()) if (!disks.includes(one)) perform(umount2(one.at, MNT_DETACH));
  for (const { at } of disks) perform(mount(null, at, null, MS_REMOUNT | MS_BIND)); // with the flags that are usual
  for (const { type, source, at, flags, data } of modelled) {
    if (at === '/') continue;
    mkdirSync(at, { recursive: true });
    perform(mount(source, at, type, flags, data));
  }
  perform(mount(null, '/', null, MS_REC | MS_SHARED));
  return disks;
}

const FLAGS: Readonly<Record<string, number>> = { nosuid: MS_NOSUID, nodev: MS_NODEV, noexec: MS_NOEXEC };

/** The lines of a mountinfo, as what mount(2) takes. */
function mountsIn(mountinfo: string) {
  return mountinfo
    .trim()
    .split('\n')
    .map((line) => {
      const [where = '', what = ''] = line.split(' - ');
      const [, , , root = '', at = '', flags = ''] = where.split(' ');
      const [type = '', source = '', options = ''] = what.split(' ');
      const all = flags.split(',').reduce((sum, name) => sum | (FLAGS[name] ?? 0), 0);
      return { at, type, source, root, flags: all, data: options.split(',').slice(1).join() };
    });
}

/** What processes have from the beginning, the cgroups, the name: as on this machine. */
function likeThis(): Machine {
  const hierarchies = findHierarchies().map(({ version, mount, controllers }) => {
    const isNamed = version === 1 && controllers.length === 0; // as systemd has one, by its directory's name
    return { version, mount, controllers, ...(isNamed && { name: basename(mount) }) };
  });
  return { ...likeThisMachine(), hostname: hostname(), hierarchies };
}

/** This machine as a model, with the files below some paths. */
export function thisMachine(disks: readonly Disk[], paths: readonly string[], options: Machine): State {
  const mounts = disks.slice(1).map(({ at }) => ({ type: 'tmpfs', at, source: 'disk' }));
  const directories = Object.fromEntries(disks.map((disk) => [disk.at, { type: 'directory', mode: 0o1777 } as const]));
  const state = machine({ ...likeThis(), tree: directories, mounts, ...options });
  state.process.nice = getPriority();
  for (const path of paths) {
    const { at } = disks.findLast((disk) => disk.at === '/' || path.startsWith(`${disk.at}/`)) as Disk;
    plant(state, (leadsTo(state, at) as Found).inode, treeOf(path, at));
  }
  return state;
}

/** Names the disks in what is shown of mounts, which may be any. */
export function onDisks(shown: string, disks: readonly Pick<Disk, 'type' | 'source' | 'root'>[]): string {
  return disks.reduce(
    (text, { type, source, root }) =>
      text.replaceAll(
        new RegExp(`^(\\d+ \\S+) ${root === '/' ? '' : root}(\\S*) (.*) ${type} ${source} (r[ow])$`, 'gm'),
        (_, before, below, flags, access) => `${before} ${below || '/'} ${flags} disk ${access}`,
      ),
    shown,
  );
}

/** The disks of the model's machine. */
export const MODELLED_DISKS = [
  { type: 'ext4', source: '/dev/vda', root: '/' },
  { type: 'tmpfs', source: 'disk', root: '/' },
];

/** A directory of this machine's, for the model: of files, only whether they are programs counts. */
function treeOf(top: string, seenFrom: string): Tree {
  const one = (path: string): Exclude<Tree[string], string> => {
    const { mode, uid, gid, rdev } = lstatSync(path);
    const owned = { mode: mode & 0o7777, uid, gid };
    const type = mode & S_IFMT;
    if (type === S_IFLNK) return { type: 'symlink', mode: 0o777, text: readlinkSync(path) };
    if (type === S_IFDIR) return { type: 'directory', ...owned };
    if (type === S_IFCHR || type === S_IFBLK) return { type: type === S_IFCHR ? 'character' : 'block', ...owned, rdev };
    if (type !== S_IFREG) throw new Error(`${path} is not a kind of file that this test knows`);
    return mode & 0o111 ? { ...executable, ...owned } : { type: 'file', ...owned, text: readFileSync(path, 'latin1') };
  };
  const walk = (path: string): [string, Tree[string]][] => {
    const found = one(path);
    const names = found.type === 'directory' ? readdirSync(path) : [];
    return [[relative(seenFrom, path), found], ...names.flatMap((name) => walk(join(path, name)))];
  };
  return Object.fromEntries(walk(top));
}
