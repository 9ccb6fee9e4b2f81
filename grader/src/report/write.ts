import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Grade } from './grade.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { results } from './results.ts';

/** Writes all reports to a folder. Each file is there whole, or as it was before. */
export function writeReports(grade: Grade, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileAtomic.sync(join(folder, name), text);
  write('results.json', json(results(grade)));
  write('junit.xml', junit(grade));
  write('summary.md', markdown(grade));
}

/** Adds the summary to that of the job, where GitHub Actions wants it. */
export function addToSummary(grade: Grade, file = process.env.GITHUB_STEP_SUMMARY): void {
  if (file) appendFileSync(file, `${markdown(grade)}\n`);
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
