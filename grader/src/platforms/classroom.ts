import { existsSync, readFileSync } from 'node:fs';
import type { Results } from '../report/results.ts';

/**
 * Whether a task passed, by the results of a run, and what there is to say: GitHub Classroom asks for each.
 *
 * @param number - of the task, or of a group: `2.1`
 */
export function passed(number: string, file: string): { passed: boolean; output: string } {
  if (!existsSync(file)) return { passed: false, output: `there is no ${file}: the run that grades has failed` };
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const one = tests.find((result) => result.number === number);
  if (!one) throw new Error(`${file} has no task ${number}`);
  return { passed: one.status === 'passed', output: `${one.name}: ${one.score} of ${one.max_score}\n${one.output}` };
}
