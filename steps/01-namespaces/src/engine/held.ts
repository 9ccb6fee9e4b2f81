import { type Call, close } from 'shared-native';

/**
 * Descriptors that this process keeps for the lock that is on them. A container that it starts has copies until execve, and
 * one that somebody freezes before that would keep the lock for ever: so a container's first calls close them.
 */
const held = new Set<number>();

/** Says that a descriptor is kept for its lock, from now on. */
export function hold(fd: number): void {
  held.add(fd);
}

/** Says that it isn't any more. The caller closes it. */
export function letGo(fd: number): void {
  held.delete(fd);
}

/** The calls by which a child closes its copies. */
export function letGoOfHeld(): Call[] {
  return [...held].map((fd) => close(fd));
}
