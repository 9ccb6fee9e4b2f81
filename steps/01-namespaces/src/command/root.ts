import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellLine } from '../engine/action.ts';
import type { Step } from './step.ts';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** How a person types a step's command, seen from the directory they are in: `./boxstep 1`; the capstone's is `./boxstep`. */
export function commandLine(step: Step): string {
  const boxstep = shellLine([fromHere(resolve(REPOSITORY, 'boxstep'))]);
  const [, number] = /^step-(\d+)$/.exec(step.name) ?? [];
  return number === undefined ? boxstep : `${boxstep} ${Number(number)}`;
}

/** A path as seen from where pnpm was called, when pnpm calls us, or from this directory; as it is, if that is gone. */
function fromHere(path: string): string {
  try {
    const seen = relative(process.env.INIT_CWD ?? process.cwd(), path);
    return seen.startsWith('.') ? seen : `./${seen}`;
  } catch {
    return path;
  }
}

/**
 * Makes sure that this is root, or becomes it as far as a step knows how.
 *
 * @param argv - what was typed after the step's command
 * @throws {Error} that names the very command to type
 */
export async function beRoot(step: Step, argv: readonly string[], explain: boolean): Promise<void> {
  if (step.asRoot) return step.asRoot(explain);
  if (process.geteuid?.() === 0) return;
  throw new Error(
    `${step.name} makes namespaces and cgroups, which takes root. Type: sudo ${commandLine(step)} ${shellLine(argv)}`,
  );
}
