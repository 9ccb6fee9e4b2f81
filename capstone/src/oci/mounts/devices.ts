import { posix } from 'node:path';
import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  type Call,
  close,
  fchownat,
  makedev,
  mknodat,
  OPEN_TREE_CLOEXEC,
  OPEN_TREE_CLONE,
  openTree,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  symlinkat,
  tolerate,
} from 'shared-native';
import { attach, cleanPath, placeAt } from 'step-10';
import type { OciDevice } from '../config/schema.ts';
import type { Mounting, MountsOf } from './mounts.ts';

/** What every container has in /dev: runtime-spec, config-linux.md, "Default Devices". */
const DEFAULT: readonly OciDevice[] = Object.entries({ null: 3, zero: 5, full: 7, random: 8, urandom: 9 })
  .map(([name, minor]): OciDevice => ({ type: 'c', path: `/dev/${name}`, major: 1, minor, fileMode: 0o666 }))
  .concat({ type: 'c', path: '/dev/tty', major: 5, minor: 0, fileMode: 0o666 });

const LINKS = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
} as const;

const TYPES = { a: S_IFCHR, b: S_IFBLK, c: S_IFCHR, u: S_IFCHR, p: S_IFIFO } as const;

/**
 * The devices of a container, in a /dev of its own.
 *
 * @param bound - is it in a user namespace? No node can be made there, so the host's own are mounted
 */
export function devices(given: readonly OciDevice[], of: MountsOf, bound: boolean): Mounting {
  const all = new Map([...DEFAULT, ...given].map((device) => [cleanPath(device.path), device]));
  const made = [...all].map(([path, device]) => (bound ? boundDevice(path, of) : node(path, device, of)));
  const dev = placeAt(of.root, '/dev', 'directory');
  const above = dev.at(-1) as Call;
  const links = Object.entries(LINKS).map(([name, target]) => tolerate(symlinkat(target, above, name), 'EEXIST'));
  return {
    join: made.flatMap(({ join }) => join),
    setup: [...made.flatMap(({ setup }) => setup), ...dev, ...links, close(above)],
    last: [],
  };
}

function node(path: string, device: OciDevice, { root }: MountsOf): Mounting {
  const { type, major = 0, minor = 0, fileMode = 0o666, uid = 0, gid = 0 } = device;
  const above = placeAt(root, posix.dirname(path), 'directory');
  const directory = above.at(-1) ?? root;
  const name = posix.basename(path);
  const mode = fileMode & 0o7777;
  const made = mknodat(directory, name, TYPES[type] | mode, makedev(Number(major), Number(minor)));
  const owned = uid === 0 && gid === 0 ? [] : [fchownat(directory, name, uid, gid, AT_SYMLINK_NOFOLLOW)];
  return {
    join: [],
    setup: [...above, tolerate(made, 'EEXIST'), ...owned, ...above.slice(-1).map((call) => close(call))],
    last: [],
  };
}

function boundDevice(path: string, { root }: MountsOf): Mounting {
  const tree = openTree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  const at = placeAt(root, path, 'file');
  return { join: [tree], setup: [...at, ...attach(tree, at.at(-1) as Call)], last: [] };
}
