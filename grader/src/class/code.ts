import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from '../report/write.ts';
import { regions } from '../step/regions.ts';
import type { Step } from '../step/step.ts';
import type { Files } from '../submission/files.ts';
import { folderOf } from './row.ts';

/** What somebody wrote for each task, by its number, and on which line it begins. */
export type Code = Readonly<Record<number, { readonly file: string; readonly from: number; readonly text: string }>>;

/** The most characters of a task's code that a page shows. */
const LONGEST = 8192;

const FILE = 'code.json';

/** The bodies of a submission's tasks. */
export function codeOf(step: Step, files: Files): Code {
  const found = step.tasks.flatMap(({ number, file }) => {
    const source = files.get(file);
    if (typeof source !== 'string') return [];
    const region = regions(source).find(({ task }) => task === number);
    if (!region) return [];
    const text = source
      .split('\n')
      .slice(region.from + 1, region.to)
      .join('\n');
    return [[number, { file, from: region.from + 2, text: text.slice(0, LONGEST) }]];
  });
  return Object.fromEntries(found);
}

export function keepCode(out: string, student: string, code: Code): void {
  writeFileSync(join(folderOf(out, student), FILE), json(code));
}

/** None, if it isn't there: the grade is what counts. */
export function keptCode(out: string, student: string): Code {
  try {
    return JSON.parse(readFileSync(join(folderOf(out, student), FILE), 'utf8'));
  } catch {
    return {};
  }
}
