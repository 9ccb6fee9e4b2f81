import { existsSync } from 'node:fs';
import {
  MNT_DETACH,
  MS_BIND,
  MS_PRIVATE,
  MS_REC,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
  mount,
  perform,
  tolerate,
  UMOUNT_NOFOLLOW,
  umount2,
} from 'shared-native';
import { mountWord } from '../mount-words.ts';

/** What a volume is that isn't a plain directory: `-o type=…`, `device=…` and `o=…` of `volume create`, as mount(8) has them. */
export type DriverOptions = Readonly<Record<string, string>>;

const KNOWN = ['type', 'device', 'o', 'size'];

/** What each option needs besides. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  type: ['device'],
  device: ['type'],
  o: ['device', 'type'],
};

/** Reads a volume's options, each `name=value`. @throws {Error} in docker's words, for one that isn't known or lacks another */
export function driverOptions(volume: string, words: readonly string[]): DriverOptions {
  try {
    return readOptions(words);
  } catch (error) {
    throw new Error(`create ${volume}: ${(error as Error).message}`);
  }
}

function readOptions(words: readonly string[]): DriverOptions {
  const options = Object.fromEntries(
    words.map((word) => word.split(/=(.*)/s).slice(0, 2)).map(([a = '', b = '']) => [a, b]),
  );
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw new Error(`invalid option: ${JSON.stringify(unknown)}`);
  if (options.size !== undefined)
    throw new Error(
      /^\d+(\.\d+)? ?([kmgtp]i?)?b?$/i.test(options.size)
        ? 'quota size requested but no quota support\nGive type=tmpfs, device=tmpfs and o=size=… instead'
        : `invalid size: '${options.size}'`,
    );
  for (const name of Object.keys(options)) {
    const lacking = NEEDS[name]?.find((needed) => !options[needed]);
    if (lacking !== undefined) throw new Error(`missing required option: ${JSON.stringify(lacking)}`);
  }
  return Object.fromEntries(Object.entries(options).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Words of `o` that mount(2) takes as flags, besides those of every mount; what else there is, is for the filesystem. */
const FLAGS: Readonly<Record<string, number>> = {
  ...{ bind: MS_BIND, rbind: MS_BIND | MS_REC, remount: MS_REMOUNT, defaults: 0 },
};

/** Those that mount(2) takes in a call of their own. */
const PROPAGATION: Readonly<Record<string, number>> = {
  ...{ private: MS_PRIVATE, slave: MS_SLAVE, shared: MS_SHARED, unbindable: MS_UNBINDABLE },
  ...{ rprivate: MS_REC | MS_PRIVATE, rslave: MS_REC | MS_SLAVE, rshared: MS_REC | MS_SHARED },
  runbindable: MS_REC | MS_UNBINDABLE,
};

/** What `o` says. */
export interface DeviceWords {
  readonly flags: number;
  readonly propagation: readonly number[];
  /** The filesystem's own. */
  readonly data: string;
}

/** Of two words that contradict each other, the last counts. */
export function deviceWords(o: string): DeviceWords {
  let flags = 0;
  const propagation: number[] = [];
  const data: string[] = [];
  for (const word of o.split(',').filter(Boolean)) {
    const meaning = mountWord(word);
    if (meaning) flags = meaning.sets ? flags | meaning.flag : flags & ~meaning.flag;
    else if (Object.hasOwn(FLAGS, word)) flags |= FLAGS[word] ?? 0;
    else if (Object.hasOwn(PROPAGATION, word)) propagation.push(PROPAGATION[word] ?? 0);
    else data.push(word);
  }
  return { flags, propagation, data: data.join() };
}

/**
 * Mounts what a volume is, on its directory. To be called by the first that uses it, with a lock that nobody else has.
 *
 * @throws {Error} if it can't be mounted
 */
export function mountDevice(data: string, { type = '', device = '', o = '' }: DriverOptions): void {
  const { flags, propagation, data: its } = deviceWords(o);
  if (flags & MS_REMOUNT && its === '') return; // there is nothing yet that could be mounted anew: docker doesn't, either
  try {
    perform(mount(device, data, type, flags, its || null));
    const others = flags & ~(MS_BIND | MS_REC);
    if (flags & MS_BIND && others) perform(mount(null, data, null, MS_REMOUNT | MS_BIND | others)); // a bind takes no others at once
    for (const kind of propagation) perform(mount(null, data, null, kind));
  } catch (error) {
    unmountDevice(data);
    const tried = [
      `mount ${device}:${data}`,
      ...(flags === 0 ? [] : [`flags: 0x${flags.toString(16)}`]),
      ...(its === '' ? [] : [`data: ${its}`]),
    ].join(', ');
    const words = WORDS[(error as NodeJS.ErrnoException).code ?? ''];
    throw new Error(
      `error while mounting volume '${data}': failed to mount local volume: ${words === undefined ? '' : `${tried}: ${words}\n`}${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** What docker says for an error of the kernel's. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EINVAL: 'invalid argument',
  ENODEV: 'no such device',
  ENOTBLK: 'block device required',
};

/**
 * Takes that away, as often as it is there: what is to be removed is the volume's directory, and not what was mounted on it.
 * Where the directory is a link, what it leads to is somebody else's.
 */
export function unmountDevice(data: string): void {
  if (!existsSync(data)) return;
  while (perform(tolerate(umount2(data, MNT_DETACH | UMOUNT_NOFOLLOW), 'EINVAL')) === 0);
}
