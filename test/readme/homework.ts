import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { readStep, type Step } from '../../grader/src/step/step.ts';
import { type Problem, ROOT } from './markdown.ts';

const BEGINS = '<!-- homework: written by scripts/readme.ts, from the regions and tests -->';
const ENDS = '<!-- /homework -->';

/** The table of a lesson's tasks differs from what its source and tests say. */
export function checkHomework(file: string): Problem[] {
  const text = readFileSync(file, 'utf8');
  const step = stepOf(file);
  if (!step) return [];
  const line = text.split('\n').indexOf(BEGINS) + 1;
  if (line === 0)
    return [{ file, line: 1, message: `there is no table of the homework: write ${BEGINS}, and ${ENDS}` }];
  if (withTable(text, step) === text) return [];
  const message =
    'the table of the homework differs from the tests; write it again with: node --import tsx scripts/readme.ts update';
  return [{ file, line, message }];
}

/** Writes the table of a lesson's tasks anew. */
export function updateHomework(file: string): void {
  const text = readFileSync(file, 'utf8');
  const step = stepOf(file);
  if (step) writeFileSync(file, withTable(text, step));
}

function stepOf(file: string): Step | undefined {
  const [, number] = /^steps\/(\d\d)-[^/]+$/.exec(relative(ROOT, dirname(file))) ?? [];
  const step = number === undefined ? undefined : readStep(Number(number));
  return step && step.tasks.length > 0 ? step : undefined;
}

function withTable(text: string, step: Step): string {
  const [from, to] = [text.indexOf(BEGINS), text.indexOf(ENDS)];
  if (from === -1 || to < from) return text;
  return `${text.slice(0, from)}${BEGINS}\n\n${table(step)}\n\n${text.slice(to)}`;
}

function table({ tasks }: Step): string {
  const rows = tasks.map(({ number, title, file, points }) => [`${number}`, title, `[${file}](${file})`, `${points}`]);
  const points = tasks.reduce((sum, task) => sum + task.points, 0);
  const all = [['task', 'what', 'where', 'points'], ...rows, ['', '', 'all', `${points}`]];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
