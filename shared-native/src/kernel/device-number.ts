/**
 * The driver of a device, from its number as stat(2) has it. `makedev` is the other way round.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/makedev.3.html | makedev(3)}
 */
export function major(rdev: number): number {
  return (rdev >>> 8) & 0xfff;
}

/** Which of its driver's devices it is, from its number as stat(2) has it. */
export function minor(rdev: number): number {
  return (rdev & 0xff) | ((rdev >>> 12) & 0xf_ff00);
}
