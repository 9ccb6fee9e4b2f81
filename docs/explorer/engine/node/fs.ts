import { Buffer } from 'buffer/';
import { type Inode, leadsTo, pathFromTop } from 'shared-native/model';
import { host, TOLD } from './host.ts';

/** A file of the host's, as far as plans ask. @throws {Error} as Node does */
function find(call: string, path: unknown, follow = true): Pick<Inode, 'type' | 'mode' | 'uid' | 'gid' | 'text'> {
  const [, descriptor] = /^\/proc\/self\/fd\/(\d+)$/.exec(String(path)) ?? [];
  if (descriptor) return inode(Number(descriptor));
  const told = TOLD[String(path)];
  if (told !== undefined) return { type: 'file', mode: 0o444, uid: 0, gid: 0, text: told };
  const found = leadsTo(host, String(path), follow);
  if (typeof found === 'object') return found.inode;
  throw Object.assign(new Error(`${found}: ${call} '${path}'`), { code: found, syscall: call, path });
}

function inode(descriptor: number): Inode {
  const open = host.process.descriptors.get(descriptor);
  if (!open) throw Object.assign(new Error('EBADF: bad file descriptor'), { code: 'EBADF' });
  return open.file.place.inode;
}

type How = { throwIfNoEntry?: boolean; encoding?: string };

function statsOf({ type, mode, uid, gid }: Pick<Inode, 'type' | 'mode' | 'uid' | 'gid'>) {
  const is = (one: string) => () => type === one;
  return {
    ...{ mode, uid, gid },
    isDirectory: is('directory'),
    isFile: is('file'),
    isSymbolicLink: is('symlink'),
    isCharacterDevice: is('character'),
    isBlockDevice: is('block'),
    isFIFO: is('fifo'),
    isSocket: is('socket'),
  };
}

export function statSync(path: unknown, { throwIfNoEntry = true }: How = {}) {
  if (!throwIfNoEntry && !existsSync(path)) return undefined;
  return statsOf(find('stat', path));
}

export const lstatSync = (path: unknown, { throwIfNoEntry = true }: How = {}) =>
  !throwIfNoEntry && !existsSync(path) ? undefined : statsOf(find('lstat', path, false));

export const fstatSync = (descriptor: number) => statsOf(inode(descriptor));

export const closeSync = (descriptor: number): void => void host.process.descriptors.delete(descriptor);

export function existsSync(path: unknown): boolean {
  try {
    return find('stat', path) !== undefined;
  } catch {
    return false;
  }
}

export function accessSync(path: unknown): void {
  find('access', path);
}

export const readFileSync = (path: unknown): string => find('open', path).text;

export function readdirSync(path: unknown): string[] {
  const found = leadsTo(host, String(path));
  if (typeof found === 'object') return [...found.inode.entries.keys()];
  throw Object.assign(new Error(`${found}: scandir '${path}'`), { code: found });
}

/** Where a path leads without links, which there are none of here. */
export function realpathSync(path: unknown): string {
  const found = find('realpath', path) as Inode;
  return pathFromTop({ mount: host.process.root.mount, inode: found });
}

realpathSync.native = (path: unknown, { encoding = '' }: How = {}): unknown =>
  encoding === 'buffer' ? Buffer.from(realpathSync(path)) : realpathSync(path);

export function readlinkSync(path: unknown): string {
  if (/^\/proc\/self\/fd\/[012]$/.test(String(path))) return '/dev/pts/0'; // as typed at a terminal
  const { type, text } = find('readlink', path, false);
  if (type !== 'symlink') throw Object.assign(new Error(`EINVAL: readlink '${path}'`), { code: 'EINVAL' });
  return text;
}

export function openSync(path: unknown): number {
  find('open', path);
  throw Object.assign(new Error(`EACCES: open '${path}'`), { code: 'EACCES' });
}

export const constants = { R_OK: 4, W_OK: 2, X_OK: 1, F_OK: 0 };
