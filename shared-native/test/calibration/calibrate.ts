import { asText } from '../../src/index.ts';
import type { After } from '../../src/model/index.ts';
import { generate, type SUBJECTS } from './generate.ts';
import { modelled } from './modelled.ts';
import { differences } from './outcome.ts';
import type { Programs } from './programs.ts';
import { real } from './real.ts';

/** How often kernel and model were compared, and every program in which they differed. */
export interface Agreement {
  programs: number;
  calls: number;
  states: number;
  /** Programs that would wait for what doesn't come: they aren't made for real. */
  waiting: number;
  /** How often each error was answered, and each end reached. */
  readonly seen: Map<string, number>;
  readonly differences: string[];
}

export type End = After['end'];

/** Makes programs about a subject for real and in the model, one for each seed. */
export async function calibrate(
  subject: keyof typeof SUBJECTS,
  seeds: Iterable<number>,
  programs: Programs,
): Promise<Agreement> {
  const agreement: Agreement = { programs: 0, calls: 0, states: 0, waiting: 0, seen: new Map(), differences: [] };
  const count = (what: string) => agreement.seen.set(what, (agreement.seen.get(what) ?? 0) + 1);
  for (const seed of seeds) {
    const { scene, calls } = generate(subject, seed, programs);
    if (modelled(calls, scene, programs.tree).end === 'waiting') {
      agreement.waiting++;
      continue;
    }
    const kernel = await real(calls, scene);
    const model = modelled(calls, scene, programs.tree, kernel.pid);
    agreement.programs++;
    agreement.calls += kernel.answers.length;
    if (Object.keys(kernel.shown).length > 0) agreement.states++;
    for (const answer of kernel.answers) if (typeof answer === 'string') count(answer);
    count(kernel.end);
    const found = differences(
      kernel,
      model,
      calls.map(({ name }) => name),
    );
    if (found.length === 0) continue;
    const listed = calls.map(
      (call, index) => `  ${index + 1} ${asText(call)} = ${kernel.answers[index]} | ${model.answers[index]}`,
    );
    agreement.differences.push([`${subject} ${seed} (${scene.name})`, ...listed, ...found].join('\n'));
  }
  return agreement;
}
