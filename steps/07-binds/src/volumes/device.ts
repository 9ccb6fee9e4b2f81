import {
  MNT_DETACH,
  MS_BIND,
  MS_DIRSYNC,
  MS_NOATIME,
  MS_NODEV,
  MS_NODIRATIME,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_STRICTATIME,
  MS_SYNCHRONOUS,
  mount,
  perform,
  tolerate,
  umount2,
} from 'shared-native';

/** What a volume is that isn't a plain directory: `-o type=…`, `device=…` and `o=…` of `volume create`, as mount(8) has them. */
export type DriverOptions = Readonly<Record<string, string>>;

const KNOWN = ['type', 'device', 'o', 'size'];

/** What each option needs besides. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  type: ['device'],
  device: ['type'],
  o: ['device', 'type'],
};

/** Reads `-o name=value`. @throws {Error} in docker's words, for one that isn't known or lacks another */
export function driverOptions(words: readonly string[]): DriverOptions {
  const options = Object.fromEntries(
    words.map((word) => word.split(/=(.*)/s).slice(0, 2)).map(([a = '', b = '']) => [a, b]),
  );
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw new Error(`invalid option: ${JSON.stringify(unknown)}`);
  if (options.size !== undefined)
    throw new Error('quota size requested but no quota support: give type=tmpfs, device=tmpfs and o=size=… instead');
  for (const name of Object.keys(options)) {
    const lacking = NEEDS[name]?.find((needed) => !options[needed]);
    if (lacking !== undefined) throw new Error(`missing required option: ${JSON.stringify(lacking)}`);
  }
  return Object.fromEntries(Object.entries(options).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Words of `o` that mount(2) takes as flags; the others are the filesystem's. */
const FLAGS: Readonly<Record<string, number>> = {
  ...{ bind: MS_BIND, rbind: MS_BIND | MS_REC, ro: MS_RDONLY, rw: 0, defaults: 0 },
  ...{ nosuid: MS_NOSUID, suid: 0, nodev: MS_NODEV, dev: 0, noexec: MS_NOEXEC, exec: 0 },
  ...{ noatime: MS_NOATIME, relatime: MS_RELATIME, strictatime: MS_STRICTATIME, nodiratime: MS_NODIRATIME },
  ...{ sync: MS_SYNCHRONOUS, async: 0, dirsync: MS_DIRSYNC },
};

/**
 * Mounts what a volume is, on its directory. To be called by the first that uses it, with a lock that nobody else has.
 *
 * @throws {Error} if it can't be mounted
 */
export function mountDevice(data: string, { type = '', device = '', o = '' }: DriverOptions): void {
  const words = o.split(',').filter(Boolean);
  const flags = words.reduce((all, word) => all | (FLAGS[word] ?? 0), 0);
  const rest = words.filter((word) => !Object.hasOwn(FLAGS, word)).join();
  try {
    perform(mount(device, data, type, flags, rest || null));
    const others = flags & ~(MS_BIND | MS_REC);
    if (flags & MS_BIND && others) perform(mount(null, data, null, MS_REMOUNT | MS_BIND | others)); // a bind takes no others at once
  } catch (error) {
    unmountDevice(data);
    throw new Error(
      `error while mounting volume '${data}': failed to mount local volume: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/** Takes that away, as often as it is there: what is to be removed is the volume's directory, and not what was mounted on it. */
export function unmountDevice(data: string): void {
  while (perform(tolerate(umount2(data, MNT_DETACH), 'EINVAL')) === 0);
}
