import { existsSync, readFileSync, statSync } from 'node:fs';

/** The disk that a directory is on, such as /dev/sda, if it is a whole one and not a partition, tmpfs or overlay. */
export function diskUnder(directory: string): string | undefined {
  const { dev } = statSync(directory, { throwIfNoEntry: false }) ?? { dev: 0 };
  const device = `/sys/dev/block/${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`;
  if (!existsSync(`${device}/uevent`) || existsSync(`${device}/partition`)) return undefined;
  const [, name] = /^DEVNAME=(.*)$/m.exec(readFileSync(`${device}/uevent`, 'utf8')) ?? [];
  return name && existsSync(`/dev/${name}`) ? `/dev/${name}` : undefined; // in a container there may be none
}
