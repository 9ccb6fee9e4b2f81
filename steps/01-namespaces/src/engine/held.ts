import { closeSync } from 'node:fs';
import { type Call, close } from 'shared-native';

interface Held {
  /** What is to be done when another process keeps it. */
  handedOver(): void;
  /** Does it go with this process? */
  readonly isHere: boolean;
  /** Does it stay open here whatever is handed over? */
  readonly stays?: boolean;
}

/**
 * Descriptors that this process keeps for the lock that is on them. A container that it starts has copies until execve, and one
 * that somebody freezes before that would keep the lock for ever: so a container's first calls close them.
 */
const held = new Map<number, Held>();

/**
 * Says that a descriptor is kept for its lock, from now on.
 *
 * @param handedOver - is called before it is closed here, because a process that outlives this one has a copy
 */
export function hold(fd: number, handedOver: () => void = () => {}): void {
  held.set(fd, { handedOver, isHere: false });
}

/** The same for one that goes with this process: it is never handed over. */
export function holdHere(fd: number): void {
  held.set(fd, { handedOver() {}, isHere: true });
}

/** The same for one that is no lock: the end of a pipe, which no child may have, or its other end would never be at its end. */
export function holdPipe(fd: number): void {
  held.set(fd, { handedOver() {}, isHere: true, stays: true });
}

/** Says that it isn't any more. The caller closes it. */
export function letGo(fd: number): void {
  held.delete(fd);
}

/** The same, and closes it. */
export function closeHeld(fd: number): void {
  letGo(fd);
  closeSync(fd);
}

/** Is it handed over to a process that outlives this one? */
export function isHandedOver(fd: number): boolean {
  return !held.get(fd)?.isHere;
}

/** The descriptors that are kept now. */
export function heldNow(): number[] {
  return [...held.keys()];
}

/** Closes all but these: a process that outlives this one has copies, and so the locks. */
export function handOver(but: readonly number[]): void {
  for (const [fd, { handedOver, stays }] of held) {
    if (stays || but.includes(fd)) continue;
    handedOver();
    held.delete(fd);
    closeSync(fd);
  }
}

/** The calls by which a child closes its copies. */
export function letGoOfHeld(): Call[] {
  return heldNow().map((fd) => close(fd));
}
