/** Descriptors that were opened for a container's start, of which its process has copies. */
const prepared = new Set<number>();

/** Says that a descriptor is needed until its container has begun, and not by this process any longer. @returns the same */
export function untilBegun(fd: number): number {
  prepared.add(fd);
  return fd;
}

/** All of those, which are the caller's to close now: it goes on when its container has begun. A command that ends with its container needn't. */
export function takePrepared(): number[] {
  const all = [...prepared];
  prepared.clear();
  return all;
}
