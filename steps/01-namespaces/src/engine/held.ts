import { closeSync } from 'node:fs';
import { type Call, close } from 'shared-native';

/**
 * Descriptors that this process keeps for the lock that is on them, each with what is to be done when another process keeps
 * it. A container that it starts has copies until execve, and one that somebody freezes before that would keep the lock for
 * ever: so a container's first calls close them.
 */
const held = new Map<number, () => void>();

/**
 * Says that a descriptor is kept for its lock, from now on.
 *
 * @param handedOver - is called before it is closed here, because a process that outlives this one has a copy
 */
export function hold(fd: number, handedOver: () => void = () => {}): void {
  held.set(fd, handedOver);
}

/** Those that only this process keeps. */
const here = new Set<number>();

/** The same for one that no process is to keep that outlives this one. */
export function holdHere(fd: number): void {
  hold(fd);
  here.add(fd);
}

/** Says that it isn't any more. The caller closes it. */
export function letGo(fd: number): void {
  held.delete(fd);
  here.delete(fd);
}

/** Does a process that outlives this one keep it, too? */
export function isHandedOver(fd: number): boolean {
  return !here.has(fd);
}

/** The descriptors that are kept now. */
export function heldNow(): number[] {
  return [...held.keys()];
}

/** Closes all but these: a process that outlives this one has copies, and so the locks. */
export function handOver(but: readonly number[]): void {
  for (const [fd, handedOver] of held) {
    if (but.includes(fd)) continue;
    handedOver();
    held.delete(fd);
    closeSync(fd);
  }
}

/** The calls by which a child closes its copies. */
export function letGoOfHeld(): Call[] {
  return heldNow().map((fd) => close(fd));
}
