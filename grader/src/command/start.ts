import { writeStart } from '../start.ts';
import type { Step } from '../step/step.ts';
import { homeworkOf, shown } from '../step/workspace.ts';
import { here } from './words.ts';

/** Makes a student's folder, and says what to do in it. */
export function start(step: Step, dir: string | undefined): void {
  const directory = here(dir) ?? homeworkOf(step);
  writeStart(step, directory);
  console.log(`${shown(directory)} is yours. Begin with ${shown(directory)}/README.md, and in a second window:`);
  console.log(`  pnpm homework watch ${step.number}`);
}
