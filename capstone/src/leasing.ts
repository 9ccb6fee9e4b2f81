import { closeSync } from 'node:fs';
import { handOver, heldNow, takePrepared } from 'step-10';

let before: Promise<unknown> = Promise.resolve();

/**
 * Does something that takes addresses, ports, ids and volumes for a container, and leaves what it has taken with the container's
 * shim. What it leaves with none is free again. A shim gets all that this process has taken, so only one at a time does this: else
 * a container would have another's address, and the other would lose it.
 */
export function whileLeasing<T>(doing: () => Promise<T>): Promise<T> {
  const done = before.then(() => leasing(doing));
  before = done.catch(() => {});
  return done;
}

async function leasing<T>(doing: () => Promise<T>): Promise<T> {
  const held = heldNow();
  try {
    return await doing();
  } finally {
    handOver(held);
    for (const fd of takePrepared()) closeSync(fd);
  }
}
