import { existsSync } from 'node:fs';
import { grade } from '../grade.ts';
import type { Grade } from '../report/grade.ts';
import { results } from '../report/results.ts';
import { terminal } from '../report/terminal.ts';
import { addToSummary, json, writeReports } from '../report/write.ts';
import type { Grading } from '../running/work.ts';
import type { Step } from '../step/step.ts';
import { homeworkOf, shown } from '../step/workspace.ts';
import { readFiles } from '../submission/files.ts';
import { bytes } from '../submission/names.ts';
import { watch } from '../watch.ts';
import { interrupted } from './interrupted.ts';
import { here } from './words.ts';

export interface Where {
  readonly dir?: string;
}

export interface GradeOptions extends Where {
  readonly json?: true;
  readonly out?: string;
  readonly seconds?: number;
  readonly seed?: string;
}

/** Grades a folder once, and writes what there is to say of it. */
export async function gradeOne(step: Step, { dir, json: asJson, out, seconds, seed }: GradeOptions): Promise<void> {
  const directory = workOf(step, dir);
  const one = await graded(step, directory, interrupted(), {
    ...(seconds !== undefined && { seconds }),
    ...(seed !== undefined && { seed }),
  });
  process.stdout.write(asJson ? json(results(one)) : terminal(one));
  if (out !== undefined) writeReports(one, here(out) ?? out);
  addToSummary(one);
  process.exitCode = one.interrupted ? 130 : one.tasks.every(({ state }) => state === 'passed') ? 0 : 1;
}

/** Grades a folder at every save. */
export async function watchOne(step: Step, { dir }: Where): Promise<void> {
  const directory = workOf(step, dir);
  const again = async (signal: AbortSignal) => {
    const one = await graded(step, directory, signal);
    if (signal.aborted) return;
    process.stdout.write(`${process.stdout.isTTY ? '\x1b[2J\x1b[H' : ''}${terminal(one)}`);
    console.log('waiting for you to save; Ctrl-C ends');
  };
  await watch(directory, again, interrupted());
  process.exitCode = 0; // vitest's own says that some tests failed
}

async function graded(step: Step, directory: string, signal: AbortSignal, limits: Grading = {}): Promise<Grade> {
  const [one] = await grade(step, [{ name: directory, files: readFiles(step, bytes(directory)) }], {
    ...limits,
    signal,
  });
  return one as Grade;
}

/** A student's folder. @throws {Error} if there is none */
function workOf(step: Step, dir: string | undefined): string {
  const directory = here(dir) ?? homeworkOf(step);
  if (existsSync(directory)) return directory;
  throw new Error(`there is no ${shown(directory)}: make it with pnpm homework start ${step.number}`);
}
