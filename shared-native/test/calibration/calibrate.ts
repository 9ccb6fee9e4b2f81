import { release } from 'node:os';
import { asText, type Call } from '../../src/index.ts';
import type { Tree } from '../../src/model/index.ts';
import { generate, type SUBJECTS } from './generate.ts';
import { modelled } from './modelled.ts';
import { differences } from './outcome.ts';
import type { Programs } from './programs.ts';
import { real } from './real.ts';
import type { Scene } from './scenes.ts';
import { hex } from './status.ts';

/** How often kernel and model were compared, and every program in which they differed. */
export interface Agreement {
  programs: number;
  calls: number;
  states: number;
  /** Programs that aren't made for real: they would wait for what doesn't come, or this kernel is known to differ. */
  leftOut: number;
  /** How often each error was answered, and each end reached. */
  readonly seen: Map<string, number>;
  readonly differences: string[];
}

/** Makes programs about a subject for real and in the model, one for each seed. */
export async function calibrate(
  subject: keyof typeof SUBJECTS,
  seeds: Iterable<number>,
  programs: Programs,
): Promise<Agreement> {
  const agreement: Agreement = { programs: 0, calls: 0, states: 0, leftOut: 0, seen: new Map(), differences: [] };
  const count = (what: string) => agreement.seen.set(what, (agreement.seen.get(what) ?? 0) + 1);
  for (const seed of seeds) {
    const { scene, calls } = generate(subject, seed, programs);
    if (isBeyond(modelled(calls, scene, programs.tree).end, calls, scene, programs.tree)) {
      agreement.leftOut++;
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

/**
 * Since this release, execve by a process whose effective ids aren't its real ones keeps ambient capabilities, and a program
 * that was found by a descriptor alone is called as its file is. (6.12 had neither.)
 */
const NEW_EXECVE = [6, 18];

function isBeyond(end: string, calls: readonly Call[], scene: Scene, tree: Tree): boolean {
  if (end !== 'executed' || isAtLeast(release(), NEW_EXECVE)) return end === 'waiting';
  const { Uid = '', Gid = '', CapAmb } = modelled(calls.slice(0, -1), scene, tree).shown;
  const areMixed = [Uid, Gid].some((ids) => new Set(ids.split(' ')).size > 1);
  return calls.at(-1)?.name === 'execveat' || (areMixed && CapAmb !== hex(0n));
}

function isAtLeast(version: string, [wantedMajor = 0, wantedMinor = 0]: readonly number[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
