import { shellLine } from '../engine/action.ts';
import { commandStatus } from './main.ts';
import { commandLine } from './root.ts';
import { put, styled } from './say.ts';
import type { Step } from './step.ts';

/** Runs the command lines of a step's demo. @returns the first exit status that isn't 0, or 0. */
export async function demo(step: Step): Promise<number> {
  for (const { says, run } of step.demo) {
    put(`\n${styled('bold', says)}\n${styled('dim', `$ ${commandLine(step)} run ${shellLine(run)}`)}\n`);
    const status = await commandStatus(step, ['run', ...run]);
    if (status !== 0) return status;
  }
  return 0;
}
