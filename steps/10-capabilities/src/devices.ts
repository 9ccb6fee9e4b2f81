import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Call, major, makedev, minor, mkdir, mknod, S_IFBLK, S_IFCHR, tolerate } from 'shared-native';

/** What may be done to a device: read it, write it, make a node of it. */
export type Access = string;

/** A device of the host's that a container gets. */
export interface Device {
  /** Where the container has it. */
  readonly path: string;
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
  /** The mode of its node, in the lower 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly access: Access;
}

/** What a container may do to devices: `null` stands for every number. */
export interface DeviceRule {
  readonly type: 'a' | 'b' | 'c';
  readonly major: number | null;
  readonly minor: number | null;
  readonly access: Access;
}

/** What every container may use, as docker's: null, zero, full, random, urandom, tty, console, terminals. It may also make any node, but not open it. */
export const DEFAULT_RULES: readonly DeviceRule[] = [
  rule('c', null, null, 'm'),
  rule('b', null, null, 'm'),
  ...[3, 5, 7, 8, 9].map((minor) => rule('c', 1, minor)),
  ...[0, 1, 2].map((minor) => rule('c', 5, minor)),
  rule('c', 136, null),
];

function rule(
  type: DeviceRule['type'],
  major: number | null,
  minor: number | null,
  access: Access = 'rwm',
): DeviceRule {
  return { type, major, minor, access };
}

/**
 * Reads `--device /dev/HOST[:/dev/CONTAINER][:rwm]`; of a directory, all devices in it and below.
 *
 * @throws {Error} if there is no such device, or the text isn't of this form
 */
export function devices(text: string): Device[] {
  const [source = '', second, third, ...more] = text.split(':');
  const isAccess = second !== undefined && third === undefined && isMode(second);
  const target = isAccess || !second ? source : second;
  const access = third ?? (isAccess ? second : 'rwm');
  const isRight = more.length === 0 && source.startsWith('/') && target.startsWith('/') && isMode(access);
  if (!isRight)
    throw new Error(`invalid device ${JSON.stringify(text)}: expected /dev/NAME[:/dev/NAME-IN-CONTAINER][:rwm]`);
  const there = statSync(source, { throwIfNoEntry: false });
  if (!there) throw new Error(`--device: there is no ${source} on the host: check its name (ls -l /dev)`);
  const found = there.isDirectory() ? below(source, target, access) : deviceAt(there, target, access);
  if (found.length > 0) return found;
  throw new Error(
    `--device: ${source} is no device, and none is below it: a file or directory is passed on by --volume`,
  );
}

/**
 * Reads `--device-cgroup-rule 'c 1:3 rwm'`: type, numbers, access; `*` is any number.
 *
 * @throws {Error} if it isn't of this form
 */
export function deviceRule(text: string): DeviceRule {
  const [, type, major, minor, access] = /^([abc]) (\d+|\*):(\d+|\*) ([rwm]{1,3})$/.exec(text) ?? [];
  if (type === undefined)
    throw new Error(`invalid device cgroup format ${JSON.stringify(text)}: expected, say, 'c 42:* rwm'`);
  const number = (digits = '*') => (digits === '*' ? null : Number(digits));
  return { type: type as DeviceRule['type'], major: number(major), minor: number(minor), access: access ?? '' };
}

// #region a device of the host's
/** Makes the nodes of devices in the container's /dev, each with its directory. */
export function nodes(all: readonly Device[]): Call[] {
  return all.flatMap(({ path, type, major, minor, mode }) => [
    ...parents(path).map((directory) => tolerate(mkdir(directory, 0o755), 'EEXIST')),
    mknod(path, (type === 'b' ? S_IFBLK : S_IFCHR) | mode, makedev(major, minor)),
  ]);
}
// #endregion

function parents(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, nth) => `/${names.slice(0, nth + 1).join('/')}`);
}

function below(source: string, target: string, access: Access): Device[] {
  return readdirSync(source).flatMap((name) => {
    const there = lstatSync(join(source, name));
    return there.isDirectory()
      ? below(join(source, name), join(target, name), access)
      : deviceAt(there, join(target, name), access);
  });
}

function deviceAt(there: Stats, path: string, access: Access): Device[] {
  if (!there.isCharacterDevice() && !there.isBlockDevice()) return [];
  const { mode, uid, gid, rdev } = there;
  const type = there.isBlockDevice() ? 'b' : 'c';
  return [{ path, type, major: major(rdev), minor: minor(rdev), mode: mode & 0o7777, uid, gid, access }];
}

function isMode(text: string): boolean {
  return /^[rwm]{1,3}$/.test(text) && new Set(text).size === text.length;
}
