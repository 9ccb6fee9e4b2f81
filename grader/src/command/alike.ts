import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { alike, type Work } from '../class/alike/alike.ts';
import { exportForJPlag } from '../class/alike/jplag.ts';
import { alikePage } from '../class/alike/page.ts';
import { keptCode } from '../class/code.ts';
import { readStep } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import { here, stepNumber } from './words.ts';

/** Adds `alike`, which compares what a class has handed in. */
export function alikeCommand(program: Command): void {
  program
    .command('alike <step> <results>')
    .description('whose solutions are the same but for names, spaces and order: for a person to look at')
    .option('--earlier <results...>', 'results of earlier classes, to compare with')
    .option('--least <percent>', 'how much they have in common at least', Number, 80)
    .option('--jplag <folder>', 'also writes what JPlag reads')
    .action((number: string, results: string, options: { earlier?: string[]; least: number; jplag?: string }) => {
      const step = readStep(stepNumber(number));
      const out = here(results) ?? results;
      const earlier = (options.earlier ?? []).flatMap((folder) => worksIn(here(folder) ?? folder, folder));
      const works = [...worksIn(out), ...earlier];
      const tasks = step.tasks.map((task) => task.number);
      const found = alike(works, tasks, { least: options.least / 100 });
      writeFileSync(join(out, 'alike.html'), alikePage(step, found, works.length));
      console.log(`${found.length} pairs are alike, of ${works.length} submissions: ${shown(out)}/alike.html`);
      if (options.jplag === undefined) return;
      const to = here(options.jplag) ?? options.jplag;
      mkdirSync(to, { recursive: true });
      console.log(`for JPlag: ${exportForJPlag(step, works, to)}`);
    });
}

/** @throws {Error} if it is no folder of results */
function worksIn(out: string, earlier?: string): Work[] {
  const students = join(out, 'students');
  if (!existsSync(students)) throw new Error(`${shown(out)} is no folder of results: it has no students`);
  return readdirSync(students)
    .sort()
    .map((who) => ({ who, code: keptCode(out, who), ...(earlier !== undefined && { earlier }) }));
}
