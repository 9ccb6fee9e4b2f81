import { join } from 'node:path';
import { defaultRootfsPath } from '../../steps/01-namespaces/src/index.ts';
import { runCommand } from './command.ts';
import { started } from './ours.ts';
import { median, type Summary, summary } from './statistics.ts';
import { COMMAND } from './warm.ts';

/** One part of our command, in the order in which they come. */
export interface Phase extends Summary {
  readonly name: string;
  /** Its part of the whole, from 0 to 1. */
  readonly share: number;
}

/** Where the time of our command goes: each part's share of `times` runs of the command taken apart. */
export async function phases(times: number, signal: AbortSignal): Promise<Phase[]> {
  const taken = new Map<string, number[]>();
  const totals: number[] = [];
  const add = (name: string, time: number) => taken.set(name, [...(taken.get(name) ?? []), time]);
  const argv = started(join(import.meta.dirname, 'cold-phases/main.ts'), defaultRootfsPath(), COMMAND);
  for (let i = 0; i < 2; i++) await runCommand({ name: 'phases', argv }); // they make the cache
  for (let i = 0; i < times; i++) {
    signal.throwIfAborted();
    const run = await runCommand({ name: 'phases', argv });
    const { phases, origin, end } = JSON.parse(run.output) as {
      phases: [string, number][];
      origin: number;
      end: number;
    };
    const begin = performance.timeOrigin + run.begin;
    add('the kernel starts Node', origin - begin);
    for (const [name, time] of phases) add(name, time);
    add('Node ends', begin + run.time - end);
    totals.push(run.time);
  }
  taken.set('the whole', totals);
  const whole = median(totals);
  return [...taken].map(([name, of]) => ({ name, ...summary(of), share: median(of) / whole }));
}
