import { tolerate } from './call.ts';
import { ioctl } from './calls/ioctl.ts';
import { TCGETS } from './kernel/constants.ts';
import { perform } from './perform.ts';

/** Bytes of the kernel's struct termios. */
const TERMIOS = 36;

/**
 * Is a descriptor a terminal? False, too, for one that has hung up and for none at all. As node:tty has it, which takes
 * 3 ms to load, a tenth of a container's start.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/isatty.3.html | isatty(3)}
 */
export function isatty(descriptor: number): boolean {
  return perform(tolerate(ioctl(descriptor, TCGETS, new Uint8Array(TERMIOS)), 'any')) === 0;
}
