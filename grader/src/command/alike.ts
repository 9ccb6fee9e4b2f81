import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alike, type Work } from '../class/alike/alike.ts';
import { exportForJPlag } from '../class/alike/jplag.ts';
import { alikePage } from '../class/alike/page.ts';
import { keptCode } from '../class/code.ts';
import { readStep } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import type { AlikeOptions } from './class-options.ts';
import { here, stepNumber } from './words.ts';

/** Compares what a class has handed in, and writes the page of it. */
export function compare(number: string, results: string, { earlier = [], least, jplag }: AlikeOptions): void {
  const step = readStep(stepNumber(number));
  const out = here(results) ?? results;
  const before = earlier.flatMap((folder) => worksIn(here(folder) ?? folder, folder));
  const works = [...worksIn(out), ...before];
  const tasks = step.tasks.map((task) => task.number);
  const found = alike(works, tasks, { least: least / 100 });
  writeFileSync(join(out, 'alike.html'), alikePage(step, found, works.length));
  console.log(`${found.length} pairs are alike, of ${works.length} submissions: ${shown(out)}/alike.html`);
  if (jplag !== undefined) console.log(`for JPlag: ${exportForJPlag(step, works, here(jplag) ?? jplag)}`);
}

/** @throws {Error} if it is not a folder of results */
function worksIn(out: string, earlier?: string): Work[] {
  const students = join(out, 'students');
  if (!existsSync(students)) throw new Error(`${shown(out)} is not a folder of results: it has no students`);
  return readdirSync(students)
    .sort()
    .map((who) => ({ who, code: keptCode(out, who), ...(earlier !== undefined && { earlier }) }));
}
