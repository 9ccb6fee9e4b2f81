import type { Call } from '../../src/index.ts';
import { machine } from '../../src/model/machine/machine.ts';
import type { Machine } from '../../src/model/machine/options.ts';
import { type After, model, type RunOptions } from '../../src/model/model.ts';
import type { Process } from '../../src/model/state.ts';

/** Makes calls in the model, each whatever the one before answered. */
export function made(calls: readonly Call[], options: Machine = {}, run: RunOptions = {}): After {
  for (const call of calls) Object.assign(call, { tolerates: 'any' }); // not a copy: a call may be another's argument
  return model(machine(options)).run(calls, run);
}

/** What each of them answered: a result, or an error's name. */
export function answers(calls: readonly Call[], options: Machine = {}): (number | string)[] {
  return made(calls, options).answers.map(({ result, error }) => error ?? result);
}

/** The process after them. */
export function processAfter(calls: readonly Call[], options: Machine = {}): Process {
  return made(calls, options).state.process;
}
