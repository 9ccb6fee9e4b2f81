import { shellLine } from '../engine/action.ts';
import { commandLine } from './root.ts';
import { put, styled } from './say.ts';
import type { Step } from './step.ts';

/**
 * Shows the command lines of a step's demo, and runs each.
 *
 * @param root - the flag that names the root, if there was one
 * @param runLine - runs a command line of the step, and gives its exit status
 * @returns the first exit status that isn't 0, or 0
 */
export async function demo(
  step: Step,
  root: readonly string[],
  runLine: (argv: readonly string[]) => Promise<number>,
): Promise<number> {
  for (const { says, command = 'run', run } of step.demo()) {
    const line = shellLine([...root, command, ...run]);
    put(`\n${styled('bold', says)}\n${styled('dim', `$ ${commandLine(step)} ${line}`)}\n`);
    const status = await runLine([command, ...run]);
    if (status !== 0) return status;
  }
  return 0;
}
