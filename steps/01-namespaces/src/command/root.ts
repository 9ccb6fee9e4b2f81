import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellLine } from '../engine/action.ts';
import type { Step } from './step.ts';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** How a person types a step's command, seen from the directory they are in: `./boxstep 1`. */
export function commandLine(step: Step): string {
  const here = process.env.INIT_CWD ?? process.cwd(); // where pnpm was called, when pnpm calls us
  const boxstep = relative(here, resolve(REPOSITORY, 'boxstep'));
  return `${boxstep.startsWith('.') ? boxstep : `./${boxstep}`} ${Number(step.name.replace('step-', ''))}`;
}

/** @throws {Error} that names the very command to type, if this isn't root. */
export function assertRoot(step: Step, argv: readonly string[]): void {
  if (process.geteuid?.() === 0) return;
  throw new Error(
    `${step.name} makes namespaces and cgroups, which takes root. Type: sudo ${commandLine(step)} ${shellLine(argv)}`,
  );
}
