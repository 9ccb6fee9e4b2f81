import { existsSync, readFileSync } from 'node:fs';
import type { Results } from '../report/results.ts';

/**
 * Whether a task passed, by the results of a run, and what there is to say: GitHub Classroom asks for each.
 *
 * @param number - of a task, or of one of its groups: `2.1`
 */
export function passed(number: string, file: string): { passed: boolean; output: string } {
  if (!existsSync(file)) return { passed: false, output: `there is no ${file}: the run that grades has failed` };
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const all = tests.filter((one) => one.number === number || one.number.startsWith(`${number}.`));
  const [first] = all;
  if (!first) throw new Error(`${file} has no task ${number}`);
  const lines = all.map(({ name, score, max_score }) => `${name}: ${score} of ${max_score}`);
  return { passed: all.every(({ status }) => status === 'passed'), output: [...lines, first.output].join('\n') };
}
