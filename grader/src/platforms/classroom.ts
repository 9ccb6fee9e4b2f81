import { existsSync, readFileSync } from 'node:fs';
import type { Results } from '../report/results.ts';

/** Whether a task passed, by the results of a run, and what there is to say: GitHub Classroom asks for each task. */
export function passed(task: number, file: string): { passed: boolean; output: string } {
  if (!existsSync(file)) return { passed: false, output: `there is no ${file}: the run that grades has failed` };
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const one = tests.find(({ number }) => number === String(task));
  if (!one) throw new Error(`${file} has no task ${task}`);
  return { passed: one.status === 'passed', output: `${one.name}: ${one.score} of ${one.max_score}\n${one.output}` };
}
