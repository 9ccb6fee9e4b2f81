import { renameSync, rmSync } from 'node:fs';
import { state } from 'step-10';

/** Cleans /run, all at once: a container that is just being started makes new files in it, and a folder with one can't be removed. */
export function cleanRun(): void {
  const { journals } = state();
  const away = `${journals}-cleaned`;
  renameSync(journals, away);
  rmSync(away, { recursive: true });
}
