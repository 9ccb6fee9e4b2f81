import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { state } from 'step-01';
import { boxstep } from '../boxstep.ts';

/** @returns removes the capstone's containers that were made since this was called, with their volumes */
export function removingMade(): () => Promise<void> {
  const before = new Set(containers());
  return async () => {
    const made = containers().filter((id) => !before.has(id));
    if (made.length > 0) await boxstep('rm', '-f', '-v', ...made);
  };
}

function containers(): string[] {
  const directory = join(state().data, 'containers');
  return existsSync(directory) ? readdirSync(directory) : [];
}
