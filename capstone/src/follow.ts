import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { put } from 'step-10';
import { logPath } from './containers/place.ts';
import { framesIn } from './shim/frames.ts';

/** Shows what a container writes until it has ended. */
export async function follow(id: string, end: Promise<unknown>): Promise<void> {
  let over = false;
  let shown = 0;
  end.then(() => {
    over = true;
  });
  for (;;) {
    const last = over;
    const frames = [...framesIn(readFileSync(logPath(id)))];
    for (const { stream, bytes } of frames.slice(shown)) put(bytes, stream);
    shown = frames.length;
    if (last) return;
    await Promise.race([end, sleep(20)]);
  }
}
