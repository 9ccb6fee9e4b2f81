import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../step/step.ts';

/**
 * Mutants that are right, too, with the reason: `test/equivalents.json`, by the names that `homework check` lists.
 *
 * @throws {Error} if it is no object of texts
 */
export function equivalentsOf(step: Step): ReadonlyMap<string, string> {
  const file = join(step.directory, 'test/equivalents.json');
  if (!existsSync(file)) return new Map();
  const reasons = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
  const [unexplained] = reasons.filter(([, why]) => typeof why !== 'string' || why === '');
  if (unexplained)
    throw new Error(`${step.name}: test/equivalents.json doesn't say why ${unexplained[0]} is right, too`);
  return new Map(reasons as [string, string][]);
}
