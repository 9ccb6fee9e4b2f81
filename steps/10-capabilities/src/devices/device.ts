import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { major, minor } from 'shared-native';
import { Misuse } from 'step-09';
import type { Access, Request } from './rules.ts';

/** What the kernel knows a device by. */
export type DeviceNumber = Omit<Request, 'access'>;

/** A device of the host's that a container gets. */
export interface Device extends DeviceNumber {
  /** Where the host has it. */
  readonly source: string;
  /** Where the container has it. */
  readonly path: string;
  /** The mode of its node, in the lower 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly access: Access;
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
  if (!there)
    throw new Misuse(
      `error gathering device information while adding custom device ${JSON.stringify(source)}: no such file or directory on the host: check its name (ls -l /dev)`,
      127,
    );
  const found = there.isDirectory() ? below(source, target, access) : deviceAt(there, source, target, access);
  if (found.length > 0) return found;
  throw new Error(
    `--device: ${source} is no device, and none is below it: a file or directory is passed on by --volume`,
  );
}

function below(source: string, target: string, access: Access, isLeftOut = (_: string) => false): Device[] {
  return readdirSync(source)
    .filter((name) => !isLeftOut(name))
    .flatMap((name) => {
      const [from, to] = [join(source, name), join(target, name)];
      const there = lstatSync(from, { throwIfNoEntry: false }); // one may have just been unplugged
      return there?.isDirectory() ? below(from, to, access, isLeftOut) : deviceAt(there, from, to, access);
    });
}

function deviceAt(there: Stats | undefined, source: string, path: string, access: Access): Device[] {
  const number = deviceNumber(there);
  if (!there || !number) return [];
  const { mode, uid, gid } = there;
  return [{ source, path, ...number, mode: mode & 0o7777, uid, gid, access }];
}

/** Which device a node is; undefined if it is none. */
export function deviceNumber(there: Stats | undefined): DeviceNumber | undefined {
  if (!there?.isCharacterDevice() && !there?.isBlockDevice()) return undefined;
  return { type: there.isBlockDevice() ? 'b' : 'c', major: major(there.rdev), minor: minor(there.rdev) };
}

function isMode(text: string): boolean {
  return /^[rwm]{1,3}$/.test(text) && new Set(text).size === text.length;
}

/** What of /dev isn't the host's to pass on: each container has terminals, queues and memory for itself. */
const ITS_OWN = ['console', 'fd', 'mqueue', 'ptmx', 'pts', 'shm', '.lxc', '.lxd-mounts', '.udev'];

/** All devices of the host: for `--privileged`. */
export function hostDevices(): Device[] {
  return below('/dev', '/dev', 'rwm', (name) => ITS_OWN.includes(name));
}
