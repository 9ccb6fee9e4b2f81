import { put } from 'step-10';
import type { Progress } from './progress.ts';

/** For a pipe or a file: a line for each layer when something else begins to happen to it. How far that is, nobody reads there. */
export function lines(to: number): Progress {
  const before = new Map<string, string>();
  return {
    line: (text) => put(`${text}\n`, to),
    layer(id, status, part) {
      if (part !== undefined || before.get(id) === status) return;
      before.set(id, status);
      put(`${id}: ${status}\n`, to);
    },
  };
}
