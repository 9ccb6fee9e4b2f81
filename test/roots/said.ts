import { beforeEach } from 'vitest';
import { saidSoFar } from '../said.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What its commands said, each time that it failed. */
    said?: string[];
  }
}

// Registered first, it is called last: after what the test itself does at its end.
beforeEach(({ task, onTestFinished }) =>
  onTestFinished(() => {
    const said = saidSoFar();
    if (task.result?.state === 'fail') task.meta.said = [...(task.meta.said ?? []), said]; // one for each try
  }),
);
