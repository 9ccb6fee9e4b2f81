import { release } from 'node:os';

/** Is this kernel Linux of that version, or a later one? */
export function isLinuxSince(major: number, minor: number): boolean {
  const [here = 0, behind = 0] = release().split('.').map(Number);
  return here > major || (here === major && behind >= minor);
}
