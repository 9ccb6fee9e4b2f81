import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { O_CLOEXEC, O_DIRECTORY, O_PATH } from 'shared-native';
import { containerPath, directoriesIn, isStill, type Maps, type Mount } from 'step-10';
import { asItsOwn, at, byOwners, detached, mapsOf } from 'step-10/files';
import { find } from '../containers/find.ts';
import { whileLocked } from '../containers/lock.ts';
import type { BoxRecord, Process } from '../containers/record.ts';
import { processOf } from '../kill.ts';
import { asItsRoot } from './as-its-root.ts';
import { mountIn, mountsOf } from './mounted.ts';

/** One end of a copy: files below a root, which no path and no link leaves. */
export interface End {
  /** The descriptor of the root. */
  readonly root: number;
  /** Who is who, if the files show other owners than the container's. */
  readonly maps?: Maps;
  /** What a container that doesn't run has mounted when it does: these places can't be seen now. */
  readonly unseen: readonly Mount[];
  /** What ends it, besides closing the root. */
  leave?(): Promise<void>;
}

const DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC;

/** Does something with the host's files. */
export function withHost<T>(doing: (end: End) => Promise<T>): Promise<T> {
  return closing({ root: openSync('/', DIRECTORY), unseen: [] }, doing);
}

// #region the files of a container, running or not
/**
 * Does something with a container's files: through the root of its first process, which shows what is mounted there, or
 * through an overlay that is attached nowhere. Nobody may start it while this writes there; what reads takes no lock, for a
 * pipe may lead from it to what writes.
 *
 * @throws {Error} if it `writes`, and the container is read-only and doesn't run, or has users that are chosen at its first start
 */
export async function withContainer<T>(called: string, writes: boolean, doing: (end: End) => Promise<T>): Promise<T> {
  const record = find(called);
  const process = processOf(record);
  if (process) return closing(ofProcess(process, record), writes ? asRootOf(doing) : doing);
  if (!writes) return closing(await ofDirectories(record, false), doing);
  return whileLocked(record.id, async () => {
    const now = find(record.id);
    const begun = processOf(now);
    return begun ? closing(ofProcess(begun, now), asRootOf(doing)) : closing(await ofDirectories(now, true), doing);
  });
}

function ofProcess(process: Process, { id, name }: BoxRecord): End {
  const maps = mapsOf(containerPath(id));
  const root = openSync(`/proc/${process.pid}/root`, DIRECTORY);
  if (isStill(process)) return { root, ...(maps && { maps }), unseen: [] };
  closeSync(root);
  throw new Error(`container ${name} has just ended: try again`);
}

function asRootOf<T>(doing: (end: End) => Promise<T>): (end: End) => Promise<T> {
  return (end) => (end.maps ? asItsRoot(end.maps, () => doing(end)) : doing(end));
}

async function ofDirectories(record: BoxRecord, writes: boolean): Promise<End> {
  const { id, name, lowers, options } = record;
  const directory = containerPath(id);
  const mounts = mountsOf(record);
  if (!writes) {
    const lowers = [await asItsOwn(directory), ...record.lowers];
    const canMount = options.userns.mode === 'host' && mounts.length > 0;
    return canMount ? readable(lowers, record, mounts) : { root: detached({ lowers }), unseen: mounts };
  }
  if (options.readOnly) throw new Error('container rootfs is marked read-only'); // running, the kernel says so
  const maps = mapsOf(directory);
  if (!maps && options.userns.mode !== 'host')
    throw new Error(`the users of container ${name} are chosen when it first starts: start it first`);
  const { upper, work } = directoriesIn(directory);
  const root = detached({ lowers: maps ? await byOwners(lowers, maps) : lowers, upper, work });
  return maps ? { root, maps, unseen: mounts } : withMounts(root, record, mounts);
}
// #endregion

async function withMounts(root: number, record: BoxRecord, mounts: readonly Mount[]): Promise<End> {
  if (mounts.length === 0) return { root, unseen: [] };
  try {
    const leave = await mountIn(root, record, mounts);
    return leave ? { root, unseen: [], leave } : { root, unseen: mounts };
  } catch (error) {
    closeSync(root);
    throw error;
  }
}

/** Its files with what is mounted on them. A place that isn't there yet is made in a directory that goes with this. */
async function readable(lowers: string[], record: BoxRecord, mounts: readonly Mount[]): Promise<End> {
  const directory = containerPath(record.id);
  const over = mkdtempSync(join(directory, 'read-'));
  const remove = () => rmSync(over, { recursive: true, force: true });
  try {
    const { upper, work } = directoriesIn(over);
    for (const path of [upper, work]) mkdirSync(path);
    like(directoriesIn(directory).upper, upper);
    const end = await withMounts(detached({ lowers, upper, work }), record, mounts);
    const leave = async () => {
      await end.leave?.();
      remove();
    };
    return { ...end, leave };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The upper directory is what is seen of the root itself. */
function like(one: string, other: string): void {
  const { uid, gid, mode, atime, mtime } = statSync(one);
  chownSync(other, uid, gid);
  chmodSync(other, mode);
  utimesSync(other, atime, mtime);
}

async function closing<T>(end: End, doing: (end: End) => Promise<T>): Promise<T> {
  try {
    return await doing(end);
  } finally {
    closeSync(end.root);
    await end.leave?.();
  }
}

/** @throws {Error} if a file is, or is below, or (of a whole tree) is above what is mounted only while the container runs */
export function assertSeen({ unseen }: End, directory: number, name: string, whole: boolean): void {
  if (unseen.length === 0) return;
  const path = `${readlinkSync(at(directory))}/${name}/`.replace(/\/(\.?\/)+/g, '/');
  const hidden = unseen.find(({ target }) => {
    const place = `${target}/`.replace(/\/+/g, '/');
    return path.startsWith(place) || (whole && place.startsWith(path));
  });
  if (hidden) throw new Error(`${hidden.target} is mounted only while the container runs: start it first`);
}
