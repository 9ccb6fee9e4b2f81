import { type Action, PID, write } from 'step-10';
import type { Process } from '../config/schema.ts';

/** How soon the kernel kills a process when memory runs out: as `process.oomScoreAdj` says. */
export function scored({ oomScoreAdj }: Process): Action[] {
  if (oomScoreAdj === undefined) return [];
  const what = 'how soon the kernel kills it when memory runs out';
  return [{ what, when: 'adopt', do: [write(oomScoreAdj, `/proc/${PID}/oom_score_adj`)], undo: [] }];
}
