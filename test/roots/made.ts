import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { state } from 'step-01';
import { boxstep } from '../boxstep.ts';

/** What the capstone's commands make, by the folder in which it has an entry; and what removes it, containers first: they use the rest. */
const KINDS = [
  ['containers', ['rm', '-f', '-v']],
  ['networks', ['network', 'rm', '-f']],
  ['volumes', ['volume', 'rm', '-f']],
] as const;

/** @returns removes the containers, networks and volumes that were made since this was called */
export function removingMade(): () => Promise<void> {
  const before = KINDS.map(([folder]) => namesIn(folder));
  return async () => {
    for (const [nth, [folder, remove]] of KINDS.entries()) {
      const made = namesIn(folder).filter((name) => !before[nth]?.includes(name));
      if (made.length > 0) await boxstep(...remove, ...made);
    }
  };
}

/** Of files and folders that have their names; a file has `.json`, too. One with a dot before it is somebody's lock. */
function namesIn(folder: string): string[] {
  const directory = join(state().data, folder);
  const entries = existsSync(directory) ? readdirSync(directory) : [];
  return entries.filter((name) => !name.startsWith('.')).map((name) => name.replace(/\.json$/, ''));
}
