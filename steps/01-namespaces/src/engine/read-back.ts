import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Memory is counted in pages; the largest page that a kernel of ours has is 64 KiB. */
const PAGE = 65_536n;

// #region what the kernel made of it
/**
 * Looks at what a controller's file says after a number was written to it. Some files take a number that is out of range,
 * and keep the nearest that isn't: 1 share of the CPU becomes 2, and the person who asked for 1 would never know.
 * A size of memory is another matter: the kernel rounds it down to whole pages, and docker accepts that without a word.
 *
 * @param text - what was written: a number, or one behind a device and a key, such as `8:0 rbps=1000`
 * @throws {Error} if the kernel keeps another number, but for what is less than a page of memory
 */
export function readBack(text: string, path: string): void {
  const [, device = '', key = '', number] = /^(\d+:\d+ )?(\w+=)?(\d+)$/.exec(text) ?? [];
  if (number === undefined || !existsSync(join(dirname(path), 'cgroup.procs'))) return;
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(device));
  const [, kept] =
    new RegExp(`${key === '' ? '^' : `\\b${key}`}(\\d+|max)`).exec(line?.slice(device.length) ?? '') ?? [];
  if (kept === undefined || kept === number) return;
  const less = kept === 'max' ? -1n : BigInt(number) - BigInt(kept);
  if (basename(path).startsWith('memory.') && less >= 0n && less < PAGE) return;
  throw new Error(`the kernel takes ${number}, and makes ${kept} of it: give a number that it keeps`);
}
// #endregion
