import type { Step } from '../step/step.ts';
import { handedOut, homeworkOf, shown } from '../step/workspace.ts';
import { here } from './words.ts';

/** Makes a student's folder, and says what to do in it. */
export async function start(step: Step, dir: string | undefined): Promise<void> {
  const place = handedOut();
  if (place !== undefined) throw new Error(`this folder is the homework: begin with ${place}/README.md`);
  const { writeStart } = await import('../export/folder.ts'); // it isn't there in a folder for students
  const directory = here(dir) ?? homeworkOf(step);
  writeStart(step, directory);
  console.log(`${shown(directory)} is yours. Begin with ${shown(directory)}/README.md, and in a second window:`);
  console.log(`  pnpm homework watch ${step.number}`);
}
